import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** Names that recordings have; the content decides what a file is, so other names can still be given one by one. */
const RECORDING = /\.(json|jsonl|ndjson|traj|pb|bin|binpb|gz|tgz|tar|zip|ya?ml)$/i
/** Manifests of packages that only their names tell: of other text files nothing is known. */
const MANIFEST = /^(?:[\w.-]*[-_.])?requirements(?:[-_.][\w.-]+)?\.txt$|^pyproject\.toml$|^(?:poetry|uv)\.lock$/

/**
 * The recordings in a folder and the folders below it, in the order of their paths. Hidden ones, links, and files of other
 * names (a licence, a table of labels) are no recordings.
 */
export async function recordingsIn(folder: string): Promise<readonly string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.name.startsWith('.')) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...(await recordingsIn(path)))
    else if (entry.isFile() && (RECORDING.test(entry.name) || MANIFEST.test(entry.name))) found.push(path)
  }
  return found.sort()
}
