import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmdirSync } from 'node:fs'
import { join } from 'node:path'
import { loaderPath, sensorObstacles } from '@holdfast/sensor'

/** Why no sensor can run here; undefined where one can. Tests say it where they skip. */
export const noSensor = sensorObstacles(loaderPath())
  .map(({ detail }) => detail)
  .join('; ')

/** A cgroup of a test's own, in which it runs real programs. */
export class SensedCgroup implements Disposable {
  /** Below the cgroup v2 mount. */
  readonly path = `holdfast-test-${randomBytes(6).toString('hex')}`
  readonly folder: string

  constructor() {
    const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n')
    const mount = mounts.map((line) => line.split(' ')).find(([, , type]) => type === 'cgroup2')?.[1] ?? ''
    this.folder = join(mount, this.path)
    mkdirSync(this.folder)
  }

  /** Runs a shell script inside, from its first instruction. */
  run(script: string, env: Readonly<Record<string, string>> = {}): void {
    const join = `echo $$ > ${this.folder}/cgroup.procs && exec /bin/sh -c "$1"`
    const { status, stderr } = spawnSync('/bin/sh', ['-c', join, 'sh', script], {
      env: { PATH: '/usr/bin:/bin', ...env },
    })
    if (status !== 0) throw new Error(`${script}: ${status} ${stderr.toString()}`)
  }

  [Symbol.dispose](): void {
    rmdirSync(this.folder)
  }
}
