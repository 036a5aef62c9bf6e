# Removes the lists of policies from the description, because they refer to a file that is not published.
/^  x-spotify-policy:$/ { skip = 1; next }
skip && /^  [^ ]/ { skip = 0 }
skip { next }
/^ +x-spotify-policy-list:$/ { getline; next }
{ print }
