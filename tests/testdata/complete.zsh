# Prints what an interactive zsh shows for a line and two tabs: complete.zsh SCRIPT LINE
zmodload zsh/zpty
zpty -b shell zsh -f -i
zpty -w shell "PS1=; autoload -U compinit; compinit -u -D; source '$1'; setopt no_beep; echo RE\"\"ADY"
seen=
for i in {1..400}; do
  zpty -r -t shell chunk && seen+=$chunk
  [[ $seen == *READY* ]] && break
  sleep 0.05
done
zpty -w -n shell "$2"$'\t\t'
quiet=0
for i in {1..200}; do
  if zpty -r -t shell chunk; then seen+=$chunk; quiet=0; else (( ++quiet > 15 )) && break; fi
  sleep 0.05
done
print -r -- $seen
