import CSource
import Diagnostics
import Foundation
import GitBinary
import Testing

/// Whatever an edit asks for, it is refused or leaves C: clang parses the file, and the functions that it does not name
/// have the same tokens as before. SERIESMITH_TEST_SEED tries other edits, and more of them.
@Suite(.serialized) struct EditPropertyTests {
  private static let given = ProcessInfo.processInfo.environment["SERIESMITH_TEST_SEED"].flatMap(UInt64.init)

  @Test(arguments: given.map { [$0] } ?? [1, 2, 3, 4]) func anEditIsRefusedOrLeavesC(seed: UInt64) throws {
    let folder = NSTemporaryDirectory() + "edits-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let source = SourceFile(path: "a.c", bytes: Array(Self.source.utf8))
    var edits = RandomEdits(source: source, random: SplitMix(state: seed))
    var made: [String: String] = [:]
    for number in 0..<(Self.given == nil ? 500 : 5000) {
      let choice = edits.next()
      // What a macro means from there on is up to whoever defines it again, and only the tree knows which name is that of
      // a loop.
      if choice.description.contains("#define") || choice.description.contains("'for_each_line' become") { continue }
      guard let edited = try? choice.edit(source), edited.bytes != source.bytes else { continue }
      let name = "\(number).c"
      made[name] = choice.description
      try Data(edited.bytes).write(to: URL(filePath: "\(folder)/\(name)"))
      let changed = Self.changedFunctions(source, edited)
      if let function = choice.function {
        #expect(changed.subtracting([function]).isEmpty, "\(choice.description) changed \(changed)")
      } else {
        #expect(changed.count <= 1, "\(choice.description) changed \(changed)")
      }
    }
    #expect(made.count > 20, "nearly all were refused")
    for (file, errors) in try Self.errors(in: folder) {
      let text = try String(contentsOfFile: "\(folder)/\(file)", encoding: .utf8)
      Issue.record("\(made[file] ?? file)\n\(errors.joined(separator: "\n"))\n\(text)")
    }
  }

  /// The functions that two versions do not have alike.
  private static func changedFunctions(_ old: SourceFile, _ new: SourceFile) -> Set<String> {
    let names = Set(old.functions().map(\.name))
    return names.filter { name in
      guard let function = try? old.function(name) else { return false }
      guard let other = try? new.function(name) else { return true }
      return !old.sameTokens(function.tokens, as: new, other.tokens)
    }
  }

  /// What clang cannot parse in a folder's files. Names that it does not know are no matter: no edit knows them all.
  private static func errors(in folder: String) throws -> [String: [String]] {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.currentDirectoryURL = URL(filePath: folder)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    process.arguments =
      ["clang-19", "-fsyntax-only", "-std=gnu11", "-w", "-ferror-limit=0", "-fno-caret-diagnostics"] + names
    let output = URL(filePath: folder + "/errors.log")
    try Data().write(to: output)
    process.standardError = try FileHandle(forWritingTo: output)
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus <= 1, "clang did not run")
    var found: [String: [String]] = [:]
    var unknown: Set<Substring> = []
    let lines = try String(contentsOf: output, encoding: .utf8).split(separator: "\n").filter { $0.contains("error: ") }
    let unknownNames = [
      "undeclared", "unknown type name", "unexpected type name", "unspecified parameter", "tag to refer to type",
      "type specifier missing", "a parameter list without types",
    ]
    for line in lines where unknownNames.contains(where: { line.contains($0) }) {
      if let place = line.firstMatch(of: /^[^:]*:\d+/) { unknown.insert(place.0) }
    }
    let syntax = [
      "expected ", "extraneous ", "unterminated ", "missing terminating", "unexpected ", "stray ", "#",
      "function definition is not", "unbalanced",
    ]
    for line in lines where syntax.contains(where: { line.contains("error: " + $0) }) {
      guard let place = line.firstMatch(of: /^([^:]*):\d+/), !unknown.contains(place.0) else { continue }
      found[String(place.1), default: []].append(String(line))
    }
    return found
  }

  private static let source = """
    typedef unsigned int u32;
    #define NULL ((void *)0)
    #define BIT(n) (1U << (n))

    struct chip;

    struct ops {
    	int (*get)(struct chip *chip, u32 offset);
    	void (*set)(struct chip *chip, u32 offset, int value);
    	int (*put)(struct chip *chip);
    };

    struct chip {
    	const struct ops *ops;
    	struct ops own;
    	u32 *base, count;
    	int flags;
    };

    enum mode { MODE_A, MODE_B, MODE_LAST };

    #define OWN_OPS(name) \\
    	.get = name##_get, \\
    	.set = name##_set

    #define for_each_line(chip, i) \\
    	for ((i) = 0; (i) < (chip)->count; (i)++)

    int helper(u32 a, int b);
    void warn(const char *format, ...);

    static int a_get(struct chip *chip, u32 offset)
    {
    	u32 value = chip->base[offset / 32];
    	int i;

    	/* the first line that is set */
    	for_each_line(chip, i)
    		if (value & BIT(i))
    			break;

    	if (i == chip->count)
    		return -1;
    	else if (i > 16)
    		value = helper(value, i);
    	else
    		value = (u32)i;

    	return value;
    }

    static void a_set(struct chip *chip, u32 offset,
    		  int value)
    {
    	u32 *reg = &chip->base[offset / 32], mask = BIT(offset % 32);

    	if (value) {
    		*reg |= mask;
    	} else {
    		*reg &= ~mask;
    	}
    #ifdef CONFIG_DEBUG
    	warn("%u " "set\\n", offset);
    #else
    	do {
    		offset--;
    	} while (offset > 1);
    #endif
    }

    static int b_get(struct chip *chip, u32 offset)
    {
    	int ret = 0;

    	switch (chip->flags) {
    	case MODE_A:
    		ret = chip->ops->get(chip, offset) + 2 * chip->own.get(chip,
    								    offset);
    		break;
    	case MODE_B:
    	default:
    		goto out;
    	}
    	while (ret > 0)
    		ret -= ret > 3 ? 2 : 1;
    	ret = ({ int x = ret; x + 1; });
    out:
    	warn("done");
    	return ret;
    }

    static const struct ops a_ops = {
    	.get	= a_get,
    	.set	= a_set,
    };

    static const struct ops tables[] = {
    	[MODE_A] = { .get = b_get, .put = NULL },
    	[MODE_B] = { OWN_OPS(a) },
    };

    int init(struct chip *chip)
    {
    	chip->ops = &a_ops;
    	chip->own.get = b_get;
    	chip->own.set = a_set;
    	if (!chip->count)
    		chip->own.put = NULL;
    	chip->flags = tables[0].get != NULL;
    	return chip->flags;
    }

    """
}
