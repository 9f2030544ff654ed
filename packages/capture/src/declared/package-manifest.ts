import type { Component } from '@holdfast/model'
import { field, isJsonObject, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import { component } from './component.ts'
import type { Declared } from './document.ts'
import { MAX_COMPONENTS, MAX_LINE } from './limits.ts'

/** `package.json` or `package-lock.json` (version 2 and later): what is asked for, or what was resolved of it. */
export function readNpmManifest(content: Json): Declared | undefined {
  const root = field(field(content, 'packages'), '')
  const lock = field(content, 'packages')
  if (field(content, 'lockfileVersion') !== undefined && isJsonObject(lock)) {
    const direct = Object.keys(versionsOf(root))
    const resolved = direct.flatMap((name) => {
      const version = textField(field(lock, `node_modules/${name}`), 'version')
      return version === undefined ? [] : [pinned(name, version, 'npm')]
    })
    return declared('npm-lockfile', resolved)
  }
  const asked = versionsOf(content)
  if (Object.keys(asked).length === 0 || textField(content, 'name', 'version', 'type') === undefined) return undefined
  return declared(
    'npm-manifest',
    Object.entries(asked).map(([name, version]) => pinned(name, version, 'npm')),
  )
}

function versionsOf(json: Json | undefined): Readonly<Record<string, string>> {
  const own = field(json, 'dependencies')
  if (!isJsonObject(own)) return {}
  return Object.fromEntries(
    Object.entries(own).flatMap(([name, version]) => (typeof version === 'string' ? [[name, version]] : [])),
  )
}

/**
 * A Python project's packages, from the text of `requirements.txt`, `pyproject.toml`, `poetry.lock` or `uv.lock`: read line
 * by line, since all that is wanted of them are names and versions. Undefined for a document of another name.
 */
export function readPythonManifest(text: string, fileName: string): Declared | undefined {
  const base = fileName.slice(fileName.lastIndexOf('/') + 1).toLowerCase()
  // No file system has longer names, and a longer one would be looked at for long.
  if (base.length > 255) return undefined
  if (/^(?:[\w.-]*[-_.])?requirements(?:[-_.][\w.-]+)?\.txt$/.test(base))
    return declared('requirements', requirements(text.split('\n')))
  if (base === 'pyproject.toml') return declared('pyproject', requirements(projectLines(text)))
  if (base === 'poetry.lock' || base === 'uv.lock') return declared(base.replace('.', '-'), locked(text))
  return undefined
}

/** Lines as PEP 508 has them; options, addresses and comments are no packages. */
function requirements(lines: readonly string[]): readonly Component[] {
  return lines.flatMap((line) => {
    const [stated = ''] = line.slice(0, MAX_LINE).split(/[;#]/, 1)
    const [, name, rest = ''] = /^\s*([A-Za-z0-9][\w.-]*)(.*)$/.exec(stated) ?? []
    const ranges = rest
      .replace(/^\s*\[[^\]]*\]/, '')
      .split(',')
      .map((range) => range.trim())
      .filter((range) => range !== '')
    if (name === undefined || !ranges.every((range) => /^(?:===|[=!~]=|[<>]=?|\^)\s*[\w.*+!-]+$/.test(range))) return []
    return [pinned(name, ranges.join(',').replace(/^==\s*(?=[^,]*$)/, ''), 'pypi')]
  })
}

/** The quoted entries of `dependencies = [ ... ]`, and poetry's table of them. */
function projectLines(text: string): readonly string[] {
  const begin = /^dependencies\s*=\s*\[/m.exec(text)
  const rest = begin === null ? '' : text.slice(begin.index + begin[0].length)
  const quoted = [...listText(rest).matchAll(/"([^"\n]+)"|'([^'\n]+)'/g)].map(([, a, b]) => a ?? b ?? '')
  const start = text.indexOf('[tool.poetry.dependencies]')
  const table = start === -1 ? '' : (text.slice(start).split('\n[')[0] ?? '')
  const poetry = [...table.matchAll(/^([A-Za-z0-9][\w.-]*)\s*=\s*"([^"\n]*)"/gm)].map(([, name = '', range = '']) =>
    /^\d/.test(range) ? `${name}==${range}` : range === '*' ? name : `${name}${range}`,
  )
  return [...quoted, ...poetry]
}

/** What stands before the bracket that closes a list: the first outside of quotes and comments. */
function listText(text: string): string {
  for (const { 0: token, index } of text.matchAll(/"[^"\n]*"|'[^'\n]*'|#[^\n]*|\]/g))
    if (token === ']') return text.slice(0, index)
  return ''
}

function locked(text: string): readonly Component[] {
  return text
    .split('[[package]]')
    .slice(1)
    .flatMap((block) => {
      const name = /^name = "([^"]+)"/m.exec(block)?.[1]
      const version = /^version = "([^"]+)"/m.exec(block)?.[1]
      return name === undefined || version === undefined ? [] : [pinned(name, version, 'pypi')]
    })
}

function pinned(name: string, version: string, ecosystem: string): Component {
  const own = component('package', name, { ecosystem })
  return version === '' || version === '*' ? own : { ...own, version: version.slice(0, 512) }
}

function declared(format: string, components: readonly Component[]): Declared {
  return { format, components: components.slice(0, MAX_COMPONENTS), grants: [], bindings: [], facts: {} }
}
