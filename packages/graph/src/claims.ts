import type { ClaimedEffect } from '@holdfast/model'

import { MAX_CLAIM_TEXT } from './limits.ts'

/**
 * What a tool call says that it will do to the world, read from its name and arguments. Only names that plainly say so are
 * known: a claim that was read wrongly would accuse an honest agent. Untrusted text; never throws.
 */
export function claimedEffect(toolName: string, argumentsText: string): ClaimedEffect | undefined {
  const name = plainName(toolName)
  if (argumentsText.length > MAX_CLAIM_TEXT) return undefined
  if (COMMANDS.has(name))
    return textOf(argumentsText, ['command', 'cmd', 'script']) === undefined ? undefined : { kind: 'command' }
  if (WRITERS.has(name)) {
    const path = textOf(argumentsText, [
      'path',
      'file_path',
      'filepath',
      'filename',
      'file',
      'target_file',
      'absolute_path',
    ])
    return path === undefined || path.length > MAX_PATH ? undefined : { kind: 'file-write', path }
  }
  if (REQUESTS.has(name)) {
    const host = hostOf(textOf(argumentsText, ['url', 'uri']) ?? '')
    return host === undefined ? undefined : { kind: 'request', host }
  }
  return undefined
}

const MAX_PATH = 4_096

/** `mcp__files__write_file`, `files.writeFile` and `write-file` are all `writefile`. */
function plainName(toolName: string): string {
  const own =
    toolName
      .slice(-128)
      .split(/__|[.:/]/)
      .at(-1) ?? ''
  return own.toLowerCase().replaceAll(/[-_ ]/g, '')
}

const COMMANDS: ReadonlySet<string> = new Set(
  'bash shell sh runcommand runshell runshellcommand executecommand executebash execcommand runterminalcmd localshell terminal'.split(
    ' ',
  ),
)
const WRITERS: ReadonlySet<string> = new Set('write writefile createfile savefile fswrite editfile'.split(' '))
const REQUESTS: ReadonlySet<string> = new Set(
  'fetch fetchurl webfetch httpget httprequest httpfetch geturl downloadfile curl'.split(' '),
)

function textOf(argumentsText: string, keys: readonly string[]): string | undefined {
  const json = objectOf(argumentsText)
  for (const key of keys) {
    const value = json?.get(key)
    if (typeof value === 'string' && value.trim() !== '') return value.trim()
    if (Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string'))
      return value.join(' ')
  }
  return undefined
}

/** Keys are the sender's, so they become keys of a Map. */
function objectOf(text: string): ReadonlyMap<string, unknown> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? new Map(Object.entries(json)) : undefined
  } catch {
    // Arguments that are not JSON, or were cut, claim nothing that could be compared.
    return undefined
  }
}

function hostOf(url: string): string | undefined {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined
  const { hostname } = new URL(url)
  return hostname === '' ? undefined : hostname.replace(/^\[|\]$/g, '').toLowerCase()
}
