import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { verifyBundle } from '../bundle.ts'
import { verifyFolder } from '../folder.ts'
import { Report } from '../report.ts'
import { StrictZip } from '../zip.ts'
import { flipBytes, type Flip, type Missed } from './flip-bytes.ts'

export type FlipRun = { readonly count: number; readonly random: () => number }

/** Flips in a bundle; a flip inside a file of the zip must be reported under that file's name. */
export function flipBundle(path: string, run: FlipRun): Missed[] {
  const bytes = readFileSync(path)
  const copy = `${path}.flipped`
  const nameAt = namesByOffset(path)
  return flipBytes(bytes, { ...run, inspect: (flip) => inspect(flip) })

  function inspect({ offset }: Flip): string | undefined {
    writeFileSync(copy, bytes)
    const { ok, problems } = verifyBundle(copy)
    if (ok || problems.length === 0) return 'not found'
    const name = nameAt(offset)
    const isNamed = problems.some(({ where }) => where.includes(name ?? 'zip'))
    return isNamed ? undefined : `in ${name ?? 'the zip directory'}, but named ${problems[0]?.where}`
  }
}

/** Flips in a stopped folder's database; the report must name bytes of `log.db` around the flip. */
export function flipFolder(folder: string, run: FlipRun): Missed[] {
  const path = join(folder, 'log.db')
  copyFileSync(path, join(folder, 'log.db.whole'))
  const bytes = readFileSync(path)
  const missed = flipBytes(bytes, { ...run, inspect: (flip) => inspect(flip) })
  copyFileSync(join(folder, 'log.db.whole'), path)
  return missed

  function inspect({ offset }: Flip): string | undefined {
    writeFileSync(path, bytes)
    const { ok, problems } = verifyFolder(folder)
    if (ok || problems.length === 0) return 'not found'
    const isNamed = problems.some(({ where }) => {
      const range = /^log\.db, bytes (\d+) to (\d+)$/.exec(where)
      return range !== null && Number(range[1]) <= offset && offset <= Number(range[2])
    })
    return isNamed ? undefined : `named ${problems[0]?.where}: ${problems[0]?.what}`
  }
}

/** Name of the zip's file whose bytes or own header hold the offset; undefined in the directory at the end. */
function namesByOffset(path: string): (offset: number) => string | undefined {
  using zip = StrictZip.open(path, new Report())
  const spans = (zip?.entries ?? []).map(({ name, dataAt, size }) => ({ name, end: dataAt + size }))
  return (offset) => spans.find(({ end }) => offset < end)?.name
}
