import { readFileSync } from 'node:fs'

/** Fields of a JSON form as docs/cli.md lists them. */
export type DocumentedFields = { readonly always: readonly string[]; readonly maybe: readonly string[] }

/** Reads the `Fields:` line below a heading such as "### `agents --json`". Throws where the document has none. */
export function documentedFields(form: string): DocumentedFields {
  const text = readFileSync(new URL('../../../../docs/cli.md', import.meta.url), 'utf8')
  const section = text.split('\n### ').find((part) => part.startsWith(`\`${form}\`\n`))
  const line = section?.split('\n').find((candidate) => candidate.startsWith('Fields: '))
  if (line === undefined) throw new Error(`docs/cli.md lists no fields of ${form}`)
  const names = [...line.matchAll(/`([^`]+)`/g)].flatMap(([, name]) => name ?? [])
  return {
    always: names.filter((name) => !name.startsWith('[')),
    maybe: names.filter((name) => name.startsWith('[')).map((name) => name.slice(1, -1)),
  }
}

/** What is wrong with an object that should have exactly these fields; empty where it has. */
export function fieldFaults(value: unknown, fields: DocumentedFields): readonly string[] {
  if (typeof value !== 'object' || value === null) return ['it is no object']
  const found = Object.keys(value)
  return [
    ...fields.always.filter((name) => !found.includes(name)).map((name) => `${name} is missing`),
    ...found
      .filter((name) => !fields.always.includes(name) && !fields.maybe.includes(name))
      .map((name) => `${name} is not documented`),
  ]
}
