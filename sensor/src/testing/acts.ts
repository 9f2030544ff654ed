import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildStaticProgram } from './static-program.ts'
import { TestCgroup } from './test-cgroup.ts'
import { Watching } from './watching.ts'

/** The program of acts/, built into a folder of the test's own, which is removed with all that the acts made in it. */
export class Acts {
  readonly folder: string
  readonly path: string

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'holdfast-acts-'))
    this.path = join(this.folder, 'acts')
    buildStaticProgram(new URL('acts/', import.meta.url), this.path)
  }

  /** Watches a new cgroup, does one act in it, and hands over what was seen. Both are gone at the end of `check`. */
  async watch(
    options: { readonly flags: number; readonly sensitive?: readonly string[]; readonly act: readonly string[] },
    check: (seen: Watching, about: { readonly cgroup: TestCgroup; readonly output: string }) => Promise<void>,
  ): Promise<void> {
    await using watching = await Watching.start()
    await using cgroup = new TestCgroup()
    for (const prefix of options.sensitive ?? []) await watching.command('sensitive', 'add', prefix)
    await watching.command('watch', cgroup.id, options.flags)
    const { output } = await cgroup.run(this.path, ...options.act)
    await check(watching, { cgroup, output })
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
