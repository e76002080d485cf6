// Does nothing: what a dispatch costs by itself.
// invocations: one work-group

void main() {}
