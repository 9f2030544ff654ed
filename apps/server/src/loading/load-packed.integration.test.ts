import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-packed-'))
  write('package.json', '{"type":"module"}')
  write(
    'program.ts',
    `import { word } from './word.ts'\nimport { other } from 'other'\nconst text: string = word + other\nconsole.log(text)\n`,
  )
  write('word.ts', `export const word: string = 'one '\n`)
  write('node_modules/other/package.json', '{"name":"other","type":"module","exports":"./first.js"}')
  write('node_modules/other/first.js', `export const other = 'first'\n`)
  write('node_modules/other/second.js', `export const other = 'second'\n`)
  const loader = pathToFileURL(join(import.meta.dirname, 'load-packed.ts')).href
  write(
    'main.ts',
    `import { loadPacked } from '${loader}'\nawait loadPacked('program', () => import('./program.ts'))\n`,
  )
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('what was packed is read from the pack, and the program says the same', () => {
  expect(run()).toEqual({ said: 'one first', fault: '' })
  const packed = statSync(pack())
  expect(readFileSync(pack(), 'utf8')).toContain(`export const word         = 'one '`)
  expect(run()).toEqual({ said: 'one first', fault: '' })
  // Nothing was found that it did not hold: it was not written again.
  expect(statSync(pack()).ino).toBe(packed.ino)
})

test('a source that changed is read as it is now', () => {
  run()
  write('word.ts', `export const word: string = 'two '\n`)
  expect(run().said).toBe('two first')
  expect(run().said).toBe('two first')
})

test('an import that leads elsewhere by its package.json is followed there', () => {
  run()
  write('node_modules/other/package.json', '{"name":"other","type":"module","exports":"./second.js"}')
  expect(run().said).toBe('one second')
})

test('a source that is gone is missing, and one with a mistake is named', () => {
  run()
  write('word.ts', 'export const word: = 1\n')
  expect(run().fault).toContain('word.ts')
  rmSync(join(folder, 'word.ts'))
  expect(run().fault).toMatch(/ENOENT.*word\.ts/)
})

test('a pack that ends too soon or says nothing is made anew', () => {
  run()
  const { size } = statSync(pack())
  for (const left of [0, 3, 40, size - 10]) {
    truncateSync(pack(), left)
    expect(run()).toEqual({ said: 'one first', fault: '' })
    expect(statSync(pack()).size).toBe(size)
  }
})

function write(name: string, text: string): void {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  // A new file, as editors and git leave one.
  rmSync(path, { force: true })
  writeFileSync(path, text)
}

function run(): { readonly said: string; readonly fault: string } {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(folder, 'main.ts')],
    {
      encoding: 'utf8',
      env: { ...process.env, NODE_COMPILE_CACHE: undefined, HOLDFAST_COMPILE_CACHE: join(folder, 'cache') },
    },
  )
  return { said: stdout.trim(), fault: stderr }
}

function pack(): string {
  const cache = join(folder, 'cache')
  const [name = ''] = readdirSync(cache, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.modules'),
  )
  return join(cache, name)
}
