import { existsSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import type { Answer, Body } from '@holdfast/api'
import { parseRfc3339 } from '@holdfast/model'
import type { Recorder } from '@holdfast/recorder'
import type { Cases } from '../case/cases.ts'
import { HttpError } from '../http/problem.ts'
import { ViewError, type ViewsClient } from '../views/client.ts'

export type ColdParts = {
  readonly recorder: Recorder
  readonly views: Pick<ViewsClient, 'exportable'>
  readonly cases: Pick<Cases, 'all'>
}

/** Moves old content to cold storage. What sealed evidence rests on stays where it is. */
export async function coolLog(
  parts: ColdParts,
  { before, to, reason }: Body<'coolLog'>,
  by: string,
): Promise<Answer<'coolLog'>> {
  const instant = parseRfc3339(before)
  if (instant === undefined) throw new HttpError(400, `before: "${before}" is no instant`)
  const keep = await sealedEntries(parts)
  const { files, ...counts } = await parts.recorder.cold.cool({
    before: instant,
    keep,
    by,
    reason,
    ...placeOf('to', to),
  })
  return { files: [...files], ...counts }
}

export async function restoreLog(
  { recorder }: ColdParts,
  { from, reason }: Body<'restoreLog'>,
  by: string,
): Promise<Answer<'restoreLog'>> {
  const { files, absent, ...counts } = await recorder.cold.restore({ by, reason, ...placeOf('from', from) })
  return { files: [...files], absent: [...absent], ...counts }
}

export function coldStorage({ recorder }: Pick<ColdParts, 'recorder'>): Answer<'getColdStorage'> {
  const files = recorder.cold.files().map(({ path, bytes, sha256, cooledAt, segments, entries }) => ({
    path,
    isThere: existsSync(path),
    bytes,
    sha256,
    cooledAt: cooledAt.toString(),
    segments,
    entries,
  }))
  return { files }
}

/** A path of the machine that the server runs on. */
function placeOf<K extends 'to' | 'from'>(name: K, path: string | undefined): { readonly [P in K]?: string } {
  if (path === undefined) return {}
  if (!isAbsolute(path)) throw new HttpError(400, `${name}: name a whole path, "${path.slice(0, 200)}" is none`)
  return { [name]: path } as { readonly [P in K]?: string } // the one member that the type has
}

/**
 * Entries of every incident whose evidence was sealed; an incident that is no more holds nothing. Throws where that cannot be
 * told now: then nothing is moved.
 */
async function sealedEntries({ views, cases }: ColdParts): Promise<readonly number[]> {
  const entries = new Set<number>()
  for (const [incident, { seals }] of cases.all()) {
    if (seals.length === 0) continue
    const exportable = await views.exportable({ kind: 'incident', id: incident }).catch((error: unknown) => {
      if (error instanceof ViewError && error.status === 404) return undefined
      throw error
    })
    for (const entry of exportable?.entries ?? []) entries.add(entry)
  }
  return [...entries]
}
