import { execFileSync } from 'node:child_process'
import {
  closeSync,
  ftruncateSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { fileIdOf, inspectBinary } from './binary.ts'
import { Hooks } from './hooks.ts'

/* A watched process owns the files that are looked at for its TLS. Slow tests end by their time limit. */

const folder = mkdtempSync(join(tmpdir(), 'holdfast-hostile-'))
afterAll(() => rmSync(folder, { recursive: true }))

const MiB = 1024 * 1024
const SECTIONS = 4_096

/** An ELF file with so many sections of the type, all of them the same stretch of zeros or letters. */
function elfOf(
  path: string,
  section: { readonly type: number; readonly offset: number; readonly bytes: number },
): void {
  const head = Buffer.alloc(64)
  head.writeUInt32BE(0x7f454c46, 0)
  head[4] = 2
  head[5] = 1
  head.writeBigUInt64LE(64n, 32)
  head.writeBigUInt64LE(64n, 40)
  head.writeUInt16LE(56, 54)
  head.writeUInt16LE(64, 58)
  head.writeUInt16LE(SECTIONS, 60)
  const one = Buffer.alloc(64)
  one.writeUInt32LE(1, 0)
  one.writeUInt32LE(section.type, 4)
  one.writeBigUInt64LE(BigInt(section.offset), 24)
  one.writeBigUInt64LE(BigInt(section.bytes), 32)
  const fd = openSync(path, 'w')
  writeSync(fd, Buffer.concat([head, ...Array.from({ length: SECTIONS }, () => one)]))
  ftruncateSync(fd, section.offset + section.bytes)
  closeSync(fd)
}

describe.skipIf(process.platform !== 'linux')('files of a hostile process (Linux only)', () => {
  test('a pipe, a device or a folder in the place of a library is not waited for', async () => {
    const pipe = join(folder, 'libssl.so')
    execFileSync('/usr/bin/mkfifo', [pipe])
    const link = join(folder, 'libssl.so.1')
    symlinkSync('/dev/zero', link)
    for (const path of [pipe, link, folder]) {
      expect(fileIdOf(path)).toBeUndefined()
      expect(await inspectBinary({ path, name: path }, () => 'read')).toBeUndefined()
    }
  })

  test('thousands of symbol tables of a sparse file are not read one by one', async () => {
    const path = join(folder, 'tables')
    elfOf(path, { type: 2, offset: MiB, bytes: 60 * MiB })
    expect(await inspectBinary({ path, name: path }, (binary) => binary)).toEqual({ kind: 'no-tls' })
  })

  test('thousands of names without an end are not kept', async () => {
    const path = join(folder, 'names')
    elfOf(path, { type: 3, offset: MiB, bytes: 40 * MiB })
    const fd = openSync(path, 'r+')
    writeSync(fd, Buffer.alloc(40 * MiB, 0x61), 0, 40 * MiB, MiB)
    closeSync(fd)
    expect(await inspectBinary({ path, name: path }, (binary) => binary)).toEqual({ kind: 'no-tls' })
  })

  test('a file that was written to is another, whatever its owner says of its time', () => {
    const path = join(folder, 'changed')
    writeFileSync(path, 'harmless')
    utimesSync(path, 1, 1)
    const before = fileIdOf(path)
    writeFileSync(path, 'hostile!')
    utimesSync(path, 1, 1)
    expect(fileIdOf(path)).not.toBe(before)
  })

  test('what is hooked is the file that was read, whatever stands in its place by then', async () => {
    const path = join(folder, 'agent')
    symlinkSync(process.execPath, path)
    const hooked: string[] = []
    const hooks = new Hooks((_verb, ...words) => {
      rmSync(path)
      writeFileSync(path, 'another file')
      hooked.push(readlinkSync(String(words[1])))
      return Promise.resolve({ id: '1', ok: true, more: {} })
    })
    expect(await hooks.hook({ path, name: path, isProgram: true })).toEqual({
      status: 'hooked',
      name: `OpenSSL in ${path}`,
    })
    expect(hooked).toEqual([process.execPath])
    expect(readFileSync(path, 'utf8')).toBe('another file')
  })
})
