import { readFileSync } from 'node:fs'

/** Fields of a JSON form as docs/cli.md lists them. */
export type DocumentedFields = { readonly always: readonly string[]; readonly maybe: readonly string[] }

/** Reads the `Fields:` line below a heading such as "### `agents --json`". Throws where the document has none. */
export function documentedFields(form: string): DocumentedFields {
  const fields = documentedForms().find(({ heading }) => heading === form)?.fields
  if (fields === undefined) throw new Error(`docs/cli.md lists no fields of ${form}`)
  return fields
}

/** One section of docs/cli.md about what a command prints with `--json`. */
export type DocumentedForm = {
  readonly heading: string
  /** The command's words. */
  readonly words: string
  readonly fields: DocumentedFields | undefined
  /** Words of commands that print the same. */
  readonly same: readonly string[]
}

/** Every such section, in the order of the document. */
export function documentedForms(): readonly DocumentedForm[] {
  return commandReference()
    .split('\n### ')
    .flatMap((part): readonly DocumentedForm[] => {
      const heading = /^`([^`]+ --json)`\n/.exec(part)?.[1]
      if (heading === undefined) return []
      const lines = part.split('\n')
      const named = (start: string): readonly string[] => {
        const line = lines.find((candidate) => candidate.startsWith(start)) ?? ''
        return [...line.matchAll(/`([^`]+)`/g)].flatMap(([, name]) => name ?? [])
      }
      const names = named('Fields: ')
      const fields: DocumentedFields = {
        always: names.filter((name) => !name.startsWith('[')),
        maybe: names.filter((name) => name.startsWith('[')).map((name) => name.slice(1, -1)),
      }
      const words = /^(?:[a-z0-9-]+(?: |$))+?(?=[A-Z-]|$)/.exec(heading)?.[0].trim() ?? ''
      return [{ heading, words, fields: names.length === 0 ? undefined : fields, same: named('The same') }]
    })
}

/** docs/cli.md. */
export function commandReference(): string {
  return readFileSync(new URL('../../../../docs/cli.md', import.meta.url), 'utf8')
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
