import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateRawSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { unpack } from './unpack.ts'

test('a plain file is itself', () => {
  expect(namesAndTexts({ name: 'a.json', bytes: Buffer.from('{}') })).toEqual([['a.json', '{}']])
})

test('gzip is told by its bytes, and the name loses the ending', () => {
  expect(namesAndTexts({ name: 'a.jsonl.gz', bytes: gzipSync('x') })).toEqual([['a.jsonl', 'x']])
})

test('tar archives of the system are read, with long names, compressed or not', () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-unpack-'))
  try {
    const long = `${'n'.repeat(180)}.json`
    writeFileSync(join(folder, 'a.json'), '{"a":1}')
    writeFileSync(join(folder, long), '[]')
    for (const format of ['gnu', 'pax', 'ustar']) {
      const names = format === 'ustar' ? ['a.json'] : ['a.json', long]
      execFileSync('tar', ['-c', '-z', `--format=${format}`, '-f', 'out.tar.gz', ...names], { cwd: folder })
      const bytes = readFileSync(join(folder, 'out.tar.gz'))
      expect(namesAndTexts({ name: 'out.tar.gz', bytes })).toEqual(
        format === 'ustar'
          ? [['a.json', '{"a":1}']]
          : [
              ['a.json', '{"a":1}'],
              [long, '[]'],
            ],
      )
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('zip archives are read, stored and deflated', () => {
  expect(
    namesAndTexts({
      name: 'x.zip',
      bytes: zipOf([
        ['a.txt', 'plain', 0],
        ['b.txt', 'packed '.repeat(50), 8],
      ]),
    }),
  ).toEqual([
    ['a.txt', 'plain'],
    ['b.txt', 'packed '.repeat(50)],
  ])
})

test('a zip member that unpacks to more than it states is reported, not unpacked', () => {
  const { files, skipped } = unpack({ name: 'x.zip', bytes: zipOf([['bomb', '0'.repeat(1_000_000), 8, 10]]) })
  expect(files).toEqual([])
  expect(skipped).toEqual([{ where: 'bomb', why: 'its packed bytes are broken or unpack to more than stated' }])
})

test('a stored zip member whose sizes contradict each other is reported', () => {
  const { files, skipped } = unpack({ name: 'x.zip', bytes: zipOf([['a', 'x'.repeat(100), 0, 0]]) })
  expect({ files, skipped }).toEqual({
    files: [],
    skipped: [{ where: 'a', why: 'its stated sizes contradict each other' }],
  })
})

test('any bytes are unpacked or reported, never thrown', () => {
  const archive = zipOf([
    ['a.txt', 'plain', 0],
    ['b.txt', 'packed', 8],
  ])
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 2000 }), fc.nat(archive.length - 1), fc.nat(255), (bytes, at, value) => {
      const flipped = Buffer.from(archive)
      flipped[at] = value
      for (const input of [bytes, flipped, archive.subarray(0, at), gzipSync(bytes).subarray(0, at)])
        unpack({ name: 'x', bytes: input })
    }),
  )
})

function namesAndTexts(file: {
  readonly name: string
  readonly bytes: Uint8Array
}): readonly (readonly [string, string])[] {
  return unpack(file).files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString()])
}

type Member = readonly [name: string, text: string, method: 0 | 8, statedSize?: number]

/** The smallest valid zip: local headers, central directory, end record (PKWARE APPNOTE 4.3). */
function zipOf(members: readonly Member[]): Buffer {
  const locals: Buffer[] = []
  const central: Buffer[] = []
  let at = 0
  for (const [name, text, method, stated] of members) {
    const packed = method === 8 ? deflateRawSync(text) : Buffer.from(text)
    const size = stated ?? Buffer.byteLength(text)
    const local = Buffer.alloc(30)
    local.writeUInt32LE(0x04034b50, 0)
    local.writeUInt16LE(method, 8)
    local.writeUInt32LE(packed.length, 18)
    local.writeUInt32LE(size, 22)
    local.writeUInt16LE(name.length, 26)
    const entry = Buffer.alloc(46)
    entry.writeUInt32LE(0x02014b50, 0)
    entry.writeUInt16LE(method, 10)
    entry.writeUInt32LE(packed.length, 20)
    entry.writeUInt32LE(size, 24)
    entry.writeUInt16LE(name.length, 28)
    entry.writeUInt32LE(at, 42)
    locals.push(local, Buffer.from(name), packed)
    central.push(entry, Buffer.from(name))
    at += 30 + name.length + packed.length
  }
  const directory = Buffer.concat(central)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...locals, directory, end])
}
