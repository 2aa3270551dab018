// What patches/iova_to_phys_length does to ops tables and their callbacks, as far as a semantic patch can: the member and
// the callback get their new names, and the callback its parameter.
@table@
identifier callback;
fresh identifier longer = callback ## "_length";
@@
{
- .iova_to_phys = callback,
+ .iova_to_phys_length = longer,
}

@signature@
identifier table.callback, table.longer, owner, iova;
typedef phys_addr_t;
type Owner, Iova;
@@
- phys_addr_t callback
+ phys_addr_t longer
  (Owner owner, Iova iova
+ , size_t *mapped_length
  )
{ ... }
