/** Each asks the command itself, so that a script never knows less than the version that is installed. */
export function scriptOf(shell: 'bash' | 'zsh' | 'fish'): string {
  switch (shell) {
    case 'bash':
      return BASH
    case 'zsh':
      return ZSH
    case 'fish':
      return FISH
  }
}

// Names of agents hold colons, at which bash breaks words: the line is taken as it was typed, and answers lose what stands before.
const BASH = `_holdfast() {
  local line="\${COMP_LINE:0:COMP_POINT}" word proposals
  local -a words
  read -r -a words <<< "$line"
  [[ "$line" == *' ' ]] && words+=('')
  word="\${words[-1]}"
  mapfile -t proposals < <("\${words[0]}" completion words -- "\${words[@]:1}" 2>/dev/null)
  local before="\${word%"\${word##*[:=]}"}" one
  COMPREPLY=()
  for one in "\${proposals[@]}"; do COMPREPLY+=("\${one#"$before"}"); done
}
complete -o default -F _holdfast holdfast
`

// The file is either read, and says what it completes, or found in $fpath: then it is itself the function, and all of it is run
// at the first TAB.
const ZSH = `#compdef holdfast
_holdfast() {
  local -a proposals
  proposals=("\${(@f)$("\${words[1]}" completion words -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  (( \${#proposals[1]} )) && compadd -- "\${proposals[@]}" || _files
}
if [[ "\${funcstack[1]}" == _holdfast ]]; then _holdfast "$@"; else compdef _holdfast holdfast; fi
`

const FISH = `function __holdfast_words
  set -l line (commandline -opc) (commandline -ct)
  $line[1] completion words -- $line[2..] 2>/dev/null
end
complete -c holdfast -a '(__holdfast_words)'
`
