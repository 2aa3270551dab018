
static phys_addr_t <% callback %>(struct io_pgtable_ops *ops, unsigned long iova)
{
	return <% callback %>_length(ops, iova, NULL);
}
