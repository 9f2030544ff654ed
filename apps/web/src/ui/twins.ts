/** Names that several agents of a list bear: by the name alone nobody could tell which row is whose. */
export function twinsOf(rows: readonly { readonly agent: string; readonly name: string }[]): ReadonlySet<string> {
  const first = new Map<string, string>()
  const twins = new Set<string>()
  for (const { agent, name } of rows) {
    const known = first.get(name)
    if (known === undefined) first.set(name, agent)
    else if (known !== agent) twins.add(name)
  }
  return twins
}
