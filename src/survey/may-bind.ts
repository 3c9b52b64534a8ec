/** Whatever else may bind a name: a loop, a comprehension, a parameter, an assignment in a class. */
export function mayBind(name: string): RegExp {
  const binds = [
    `\\b(?:def|class)\\s+(?:\\w+\\s*\\[[^\\]]*)?\\b${name}\\b`,
    `\\b(?:for|as|import|lambda|global|nonlocal|del|case|type)\\b[^\\n]*\\b${name}\\b`,
    `(?:^|[,(;])\\s*\\*?${name}\\s*(?::[^\\n=]*|,[^\\n=]*)?=(?!=)`,
    `\\b${name}\\s*:=`,
    `[(,]\\s*\\*{0,2}${name}\\s*[,):=]`,
  ];
  return new RegExp(binds.join('|'), 'm');
}
