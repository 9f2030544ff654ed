import { expect, test } from 'vitest'
import { obstacleOf, obstacleText, type Tried } from './network-obstacle.ts'

/** A machine on which these commands end so, and every other works. */
function machine(ends: Readonly<Record<string, Tried>>) {
  return (program: string, args: readonly string[]): Tried =>
    ends[[program, ...args].join(' ')] ?? ends[program] ?? 'worked'
}

test('nothing stands in the way of root where all of it works', () => {
  expect(obstacleOf({ uid: 0, attempt: machine({}) })).toBeUndefined()
})

test('an account that is not root is named, and nothing else is tried', () => {
  const tried: string[] = []
  const attempt = (program: string): Tried => {
    tried.push(program)
    return 'worked'
  }
  expect(obstacleOf({ uid: 1_000, attempt })).toEqual({
    detail: 'a network namespace of its own takes root, and this runs as user 1000',
    remedy: 'run it as root',
  })
  expect(obstacleOf({ uid: undefined, attempt })?.detail).toContain('takes Linux')
  expect(tried).toEqual([])
})

test('a program that is not installed is named with its Debian package, and so is each of several', () => {
  expect(obstacleOf({ uid: 0, attempt: machine({ ip: 'missing' }) })).toEqual({
    detail: 'a network namespace of its own takes `ip`, which is not installed',
    remedy: 'apt-get install iproute2',
  })
  const both = obstacleOf({ uid: 0, attempt: machine({ ip: 'missing', unshare: 'missing' }) })
  expect(both).toEqual({
    detail: 'a network namespace of its own takes `unshare` and `ip`, which are not installed',
    remedy: 'apt-get install util-linux iproute2',
  })
  if (both !== undefined) expect(obstacleText(both)).toContain('not installed (apt-get install util-linux iproute2)')
})

test('what the kernel refuses is told in the words of who asked for it, by the least that fails', () => {
  const said = 'unshare: unshare failed:\n Operation not permitted\n'
  const refused = obstacleOf({ uid: 0, attempt: machine({ unshare: { said }, 'unshare --version': 'worked' }) })
  expect(refused?.detail).toBe('`unshare --net true` fails here: unshare: unshare failed: Operation not permitted')
  expect(refused?.remedy).toContain('--privileged')
  const silent = obstacleOf({ uid: 0, attempt: machine({ 'unshare --net true': { said: '' } }) })
  expect(silent?.detail).toContain('it says nothing')
})

test('a root that is no mount point has its own remedy', () => {
  const said = 'unshare: cannot change root filesystem propagation: Invalid argument'
  const refused = obstacleOf({ uid: 0, attempt: machine({ 'unshare --net --mount true': { said } }) })
  expect(refused?.detail).toBe(`\`unshare --net --mount true\` fails here: ${said}`)
  expect(refused?.remedy).toContain('no mount point')
})
