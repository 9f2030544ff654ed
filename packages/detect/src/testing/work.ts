/**
 * Characters that were looked at and lookups that were made while `act` ran: a measure of work that is the same on every
 * machine. Counts what strings, regular expressions, maps and sets are asked, and not how often an expression goes back.
 */
export function workOf(act: () => void): number {
  let work = 0
  const undo: (() => void)[] = []
  const count = (
    prototype: object,
    name: string,
    cost: (self: never, args: readonly unknown[], answer: unknown) => number,
  ): void => {
    const before = Object.getOwnPropertyDescriptor(prototype, name)
    if (before === undefined) throw new Error(`there is no ${name}`)
    const own = before.value as (...args: unknown[]) => unknown // a method of a built-in
    Object.defineProperty(prototype, name, {
      ...before,
      value(this: never, ...args: unknown[]): unknown {
        const answer = own.apply(this, args)
        work += cost(this, args, answer)
        return answer
      },
    })
    undo.push(() => Object.defineProperty(prototype, name, before))
  }
  for (const name of WHOLE) count(String.prototype, name, (self: string) => self.length + 1)
  for (const name of FINDING)
    count(String.prototype, name, (self: string, [_what, from], at) =>
      typeof at === 'number' && at !== -1 ? at - Number(from ?? 0) + 1 : self.length - Number(from ?? 0) + 1,
    )
  for (const name of ['get', 'set', 'has', 'delete']) count(Map.prototype, name, () => 1)
  for (const name of ['add', 'has', 'delete']) count(Set.prototype, name, () => 1)
  try {
    act()
  } finally {
    for (const one of undo) one()
  }
  return work
}

/** These read all of their text. */
const WHOLE = ['replace', 'replaceAll', 'split', 'matchAll', 'match', 'normalize', 'toLowerCase', 'trim'] as const
/** These stop where they find something. */
const FINDING = ['indexOf', 'search'] as const
