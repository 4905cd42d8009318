# bash completion for frame: commands, options, files and column names
_frame()
{
    local word=${COMP_WORDS[COMP_CWORD]} IFS=$'\n'
    COMPREPLY=()
    if [ "$COMP_CWORD" -ge 3 ] || [ "$COMP_CWORD" -eq 1 ] || [ "${word:0:1}" = - ]; then
        mapfile -t COMPREPLY < <(frame __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    fi
    if [ "${word:0:1}" != - ]; then
        mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$word")
    fi
}
complete -o filenames -F _frame frame
