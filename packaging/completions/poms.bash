# bash(1) reads this when poms is completed for the first time: the binary itself knows its options
source <(poms completions bash)
