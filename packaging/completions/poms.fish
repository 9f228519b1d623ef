# the binary itself knows its options
poms completions fish | source
