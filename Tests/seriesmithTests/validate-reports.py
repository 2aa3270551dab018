"""Validates reports against the schemas in docs/schema, with the validators of Debian.

Reads lines of a schema's path, a tab and a report's path, and answers each with a line: a JSON list of what is wrong.
One process serves a whole run of the tests, since the libraries take longer to load than a report to validate.
"""

import json
import pathlib
import sys

import jsonschema
import lxml.etree

validators = {}


def json_validator(path):
    schema = json.loads(path.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    resolver = jsonschema.RefResolver(path.as_uri(), schema)
    validator = jsonschema.Draft202012Validator(schema, resolver=resolver)
    return lambda report: [
        f"{error.json_path}: {error.message[:500]}" for error in validator.iter_errors(json.loads(report))
    ]


def xml_validator(path):
    schema = lxml.etree.XMLSchema(file=str(path))

    def problems(report):
        schema.validate(lxml.etree.fromstring(report))
        return [f"line {error.line}: {error.message}" for error in schema.error_log]

    return problems


for line in sys.stdin:
    schema, report = map(pathlib.Path, line.rstrip("\n").split("\t"))
    try:
        if schema not in validators:
            validators[schema] = (xml_validator if schema.suffix == ".xsd" else json_validator)(schema)
        found = validators[schema](report.read_bytes())
    except (OSError, ValueError, lxml.etree.XMLSyntaxError, lxml.etree.XMLSchemaParseError) as error:
        found = [f"{type(error).__name__}: {error}"]
    print(json.dumps(found), flush=True)
