import { expect, test } from 'vitest'
import { seedOfRun } from '../scale.ts'
import type { DiskStep } from './disk-step.ts'
import { powerLossRun } from './power-loss.ts'
import { canTrace } from './run-traced.ts'

const seed = seedOfRun()

/** Power cuts as a test; the short and the long suite differ in their number alone. */
export function testPowerLoss(images: number): void {
  const number = images.toLocaleString('en-US')
  const title = `FC1 keeps every promise on ${number} disks that lost their power (needs strace, seed ${seed})`
  test.skipIf(!canTrace)(title, async () => {
    const report = await powerLossRun({ images, seed })
    process.stdout.write(
      `power loss: seed ${seed}, ${report.images} images, ${report.promises} promises held against\n`,
    )
    expect(report.wrong, `HOLDFAST_SEED=${seed} repeats it`).toEqual([])
    expect(report.images).toBe(images)
    expect(report.promises).toBeGreaterThan(images)
  })
}

/** Faults planted in the disk: a suite that does not find them would find none of ours. */
export function testPlantedDisks(): void {
  const planted: readonly { readonly title: string; readonly isForgotten: (step: DiskStep) => boolean }[] = [
    {
      title: 'forgets to sync the write-ahead log',
      isForgotten: (step) => step.kind === 'sync' && step.name === 'log.db-wal',
    },
    { title: 'forgets to sync the database', isForgotten: (step) => step.kind === 'sync' && step.name === 'log.db' },
    { title: 'forgets to sync the names of files', isForgotten: (step) => step.kind === 'sync' && step.name === '' },
  ]
  test.skipIf(!canTrace).for(planted)('finds out a disk that $title (needs strace)', async ({ isForgotten }) => {
    const report = await powerLossRun({ images: 200, seed, disk: (step) => (isForgotten(step) ? undefined : step) })
    expect(report.wrong, `seed ${seed}`).not.toEqual([])
  })
}
