import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The SDK module that Node loads before an agent, in a checkout or built; undefined where this installation has none. */
export function registerModule(): string | undefined {
  const isSource = import.meta.url.endsWith('.ts')
  const path = isSource
    ? '../../../../../packages/sdk/dist/register/index.js'
    : '../../../../sdk/dist/register/index.js'
  const url = new URL(path, import.meta.url)
  return existsSync(fileURLToPath(url)) ? url.href : undefined
}

/** The folder from which Python loads the same before an agent; undefined where this installation has none. */
export function pythonFolder(): string | undefined {
  const isSource = import.meta.url.endsWith('.ts')
  const path = isSource ? '../../../../../packages/sdk/python' : '../../../../sdk/python'
  const folder = fileURLToPath(new URL(path, import.meta.url))
  // PYTHONPATH has no way to say that a colon is of a name.
  return existsSync(join(folder, 'sitecustomize.py')) && !folder.includes(':') ? folder : undefined
}
