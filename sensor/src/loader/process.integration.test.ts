import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loaderPath, whyNoKernel } from '../testing/root.ts'
import { TestCgroup } from '../testing/test-cgroup.ts'
import { Watching } from '../testing/watching.ts'
import { FIELD_TAG, RECORD_TYPE } from './record-layout.ts'

const reason = whyNoKernel()

describe.skipIf(reason !== undefined)(`processes (${reason ?? 'with kernel programs'})`, () => {
  test('an exec in a watched cgroup is told with its path', async () => {
    await using watching = await Watching.start()
    await using cgroup = new TestCgroup()
    await watching.command('watch', cgroup.id, 0)
    await cgroup.run('/bin/true')
    const seen = await watching.all(RECORD_TYPE.exec, (record) => [record.cgroup, record.text(FIELD_TAG.path)])
    expect(seen).toContainEqual([cgroup.id, expect.stringMatching(/\/bin\/true$/)])
  })

  test('a cgroup that nobody watches emits nothing', async () => {
    await using watching = await Watching.start()
    await using cgroup = new TestCgroup()
    await cgroup.run('/bin/sh', '-c', '/bin/true; cat /etc/shadow')
    expect(await watching.all(undefined, (record) => record.type)).toEqual([])
  })

  test('the loader keeps three capabilities, an account of its own, and no way back', async () => {
    await using watching = await Watching.start()
    const status = readFileSync(`/proc/${watching.loader.pid}/status`, 'utf8')
    // CAP_NET_ADMIN 12, CAP_PERFMON 38, CAP_BPF 39.
    const kept = ((1n << 12n) | (1n << 38n) | (1n << 39n)).toString(16).padStart(16, '0')
    expect(status).toContain(`CapEff:\t${kept}`)
    expect(status).toContain(`CapPrm:\t${kept}`)
    expect(status).toContain(`CapBnd:\t${kept}`)
    expect(status).toContain('CapInh:\t0000000000000000')
    expect(status).toContain('Uid:\t1900000065\t1900000065\t1900000065\t1900000065')
    expect(status).toContain('Gid:\t1900000065\t1900000065\t1900000065\t1900000065')
    expect(status).toMatch(/NoNewPrivs:\t1/)
    expect(status).toMatch(/Groups:\t\s*\n/)
  })

  test('an agent that runs as nobody cannot stop or kill it', async () => {
    await using watching = await Watching.start()
    const { pid } = watching.loader
    for (const signal of ['-STOP', '-KILL', '-0']) {
      expect(spawnSync('kill', [signal, String(pid)], { uid: 65534, gid: 65534 }).status).not.toBe(0)
    }
    expect(readFileSync(`/proc/${pid}/status`, 'utf8')).toMatch(/^State:\t[RS]/m)
  })

  test('without the capabilities the loader ends and says which it needs', () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-loader-'))
    try {
      // A copy that nobody may reach: the checkout itself may lie where only its owner may look.
      const copy = join(folder, 'loader')
      copyFileSync(loaderPath, copy)
      chmodSync(folder, 0o755)
      const { status, stderr } = spawnSync(copy, { uid: 65534, gid: 65534, input: '', encoding: 'utf8' })
      expect(status).toBe(1)
      expect(stderr).toContain('cannot keep CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN alone')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('the loader ends with the process that reads it', async () => {
    const watching = await Watching.start()
    const { loader } = watching
    const result = loader.send('sync')
    await loader.stop()
    expect(await result).toMatchObject({ ok: true })
    expect(existsSync(`/proc/${loader.pid}`)).toBe(false)
    await expect(loader.send('sync')).rejects.toThrow('the loader has ended')
  })
})
