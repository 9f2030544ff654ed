import { appendFileSync, copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { inspectBinary } from './binary.ts'
import type { TlsBinary } from './binary.ts'
import { mappedFiles } from './process-files.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-binary-'))
afterAll(() => rmSync(folder, { recursive: true }))

function inspected(path: string, name: string): Promise<TlsBinary | undefined> {
  return inspectBinary({ path, name }, (binary) => binary)
}

describe.skipIf(process.platform !== 'linux')('programs (Linux only)', () => {
  test('this Node has its own OpenSSL, with every function that is hooked', async () => {
    const binary = await inspected(process.execPath, process.execPath)
    expect(binary).toMatchObject({ kind: 'hookable', library: 'node-openssl' })
    if (binary?.kind !== 'hookable') return
    expect(binary.offsets).toHaveLength(6)
    expect(binary.offsets.every((offset) => offset > 0)).toBe(true)
    expect(new Set(binary.offsets).size).toBe(6)
  })

  test('what a process runs is found in its maps', () => {
    const [program, ...libraries] = mappedFiles('/proc', process.pid)
    expect(program).toEqual({ name: process.execPath, path: `/proc/${process.pid}/exe`, isProgram: true })
    expect(libraries.filter(({ name }) => !name.startsWith('/'))).toEqual([])
    // Above any pid that Linux gives.
    expect(mappedFiles('/proc', 2 ** 22 + 1)).toEqual([])
  })

  test.each([
    ['rustls', 'x /registry/src/rustls-0.23.5/src/conn.rs', 'agent', 'rustls, linked in'],
    ['BoringSSL', 'BoringSSL', 'agent', 'BoringSSL, linked in without symbols'],
    ['OpenSSL', 'OpenSSL 3.0.13 30 Jan 2024', 'agent', 'OpenSSL, linked in without symbols'],
    ['Bun', '', 'bun', 'Bun (BoringSSL, linked in)'],
  ])('a program with %s linked in is told by name', async (_, mark, file, name) => {
    const path = join(folder, `${file}-${mark.length}`)
    copyFileSync('/bin/true', path)
    appendFileSync(path, mark)
    expect(await inspected(path, `/opt/${file}`)).toEqual({ kind: 'not-hookable', name })
  })

  test('a program that does no TLS is not called blind', async () => {
    expect(await inspected('/bin/true', '/bin/true')).toEqual({ kind: 'no-tls' })
  })

  test('what is no program, cut off or gone is no fault', async () => {
    const path = join(folder, 'text')
    writeFileSync(path, 'not a program')
    expect(await inspected(path, path)).toEqual({ kind: 'no-tls' })
    writeFileSync(path, Buffer.from('7f454c460201010000000000', 'hex'))
    expect(await inspected(path, path)).toEqual({ kind: 'no-tls' })
    expect(await inspected(join(folder, 'gone'), 'gone')).toBeUndefined()
  })

  test.each([
    ['libgnutls.so.30', 'GnuTLS'],
    ['libnss3.so', 'NSS'],
    ['libjvm.so', 'Java (JSSE)'],
  ])('%s is told by its name', async (file, name) => {
    expect(await inspected('/bin/true', `/usr/lib/${file}`)).toEqual({ kind: 'not-hookable', name })
  })
})

const go = '/usr/local/go/bin/go'

test.skipIf(!existsSync(go))(`a Go program is told by name (${existsSync(go) ? go : 'no Go here'})`, async () => {
  expect(await inspected(go, go)).toEqual({ kind: 'not-hookable', name: 'Go (crypto/tls)' })
})
