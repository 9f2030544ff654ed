import { readdir, readFile } from 'node:fs/promises'

/** One file of `scenarios/corpus`: a text with a stable id and a version, as a document store would give it. */
export type CorpusDocument = {
  readonly id: string
  readonly version: string
  readonly uri: string
  readonly text: string
}

/** Loads the documents whose id begins with `collection`. Throws where a file has no id or version. */
export async function loadCorpus(collection: string): Promise<readonly CorpusDocument[]> {
  const names = (await readdir(FOLDER)).filter((name) => name.endsWith('.md')).toSorted()
  const documents = await Promise.all(
    names.map(async (name) => parse(name, await readFile(new URL(name, FOLDER), 'utf8'))),
  )
  return documents.filter((document) => document.id.startsWith(`${collection}/`))
}

/** Two folders up both from `src/retrieval` and from `dist/retrieval`. */
const FOLDER = new URL('../../corpus/', import.meta.url)

function parse(name: string, file: string): CorpusDocument {
  const [, head = '', text = ''] = /^---\n(.*?)\n---\n(.*)$/s.exec(file) ?? []
  const id = /^id: (.+)$/m.exec(head)?.[1]
  const version = /^version: (.+)$/m.exec(head)?.[1]
  if (id === undefined || version === undefined)
    throw new Error(`corpus file ${name} needs "id" and "version" in its head`)
  return { id, version, uri: `corpus://${name}`, text: text.trim() }
}
