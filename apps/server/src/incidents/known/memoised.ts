/** What is asked again and again, made once for each key. */
export function memoised<K, T>(make: (key: K) => T): (key: K) => T {
  const keep = keyed((key: K) => make(key))
  return (key) => keep(key, key)
}

/** The same for what has a name of its own beside what it is made from. */
export function keyed<A, T>(make: (about: A) => T): (key: unknown, about: A) => T {
  const made = new Map<unknown, { readonly value: T }>()
  return (key, about) => {
    const known = made.get(key)
    if (known !== undefined) return known.value
    const value = make(about)
    made.set(key, { value })
    return value
  }
}
