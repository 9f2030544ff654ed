import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomFrom } from '../random.ts'
import type { DiskStep } from './disk-step.ts'
import { type DiskImage, ModelDisk } from './model-disk.ts'
import { Promises } from './promises.ts'
import { recordSteps } from './run-traced.ts'

export type PowerLossRun = {
  readonly images: number
  readonly seed: number
  /** What the disk makes of a step; undefined where it ignores it. A disk that forgets syncs must be found out. */
  readonly disk?: (step: DiskStep) => DiskStep | undefined
}

export type PowerLossReport = {
  readonly images: number
  /** Acknowledgements and checkpoints that the images were held against, all together. */
  readonly promises: number
  readonly wrong: readonly string[]
}

/** Images made from one recorded life: more lives vary what is written, more images of one how it is torn. */
const IMAGES_PER_LIFE = 5_000
/** Failures after which a run ends: the first ones say what is wrong. */
const MAX_WRONG = 10

/**
 * Records real lives of the recorder, cuts the power at random steps of them on a model disk, and has the real recovery
 * open what is left. Image `n` of a life follows from the seed and `n` alone.
 */
export async function powerLossRun(run: PowerLossRun): Promise<PowerLossReport> {
  const wrong: string[] = []
  let promises = 0
  let images = 0
  for (let life = 0; images < run.images && wrong.length < MAX_WRONG; life++) {
    using scratch = memoryFolder()
    const log = join(scratch.path, 'log')
    mkdirSync(log)
    const steps = recordSteps(log, run.seed + life).map(({ step }) => step)
    const count = Math.min(IMAGES_PER_LIFE, run.images - images)
    const random = randomFrom(run.seed + life)
    const cuts = Array.from({ length: count }, () => Math.floor(random() * (steps.length + 1))).toSorted(
      (a, b) => a - b,
    )
    const disk = new ModelDisk()
    const heard = new Promises()
    let at = 0
    for (const cut of cuts) {
      for (const step of steps.slice(at, cut)) {
        const kept = (run.disk ?? keep)(step)
        if (kept !== undefined) disk.apply(kept)
        if (step.kind === 'said') heard.heard(step.line)
      }
      at = cut
      const folder = join(scratch.path, 'image')
      write(folder, disk.image(random))
      const broken = await heard.broken(folder)
      rmSync(folder, { recursive: true })
      wrong.push(...broken.map((text) => `seed ${run.seed + life}, cut at step ${cut} of ${steps.length}: ${text}`))
      promises += heard.count
      images++
      if (wrong.length >= MAX_WRONG) break
    }
  }
  return { images, promises, wrong }
}

function keep(step: DiskStep): DiskStep {
  return step
}

function write(folder: string, image: DiskImage): void {
  mkdirSync(folder)
  for (const [name, bytes] of image) writeFileSync(join(folder, name), bytes, { mode: 0o600 })
}

/** A folder in memory where there is one: an image needs no disk of its own, and its syncs none of the machine's. */
export function memoryFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'holdfast-disk-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}
