/*
 * How far npm ci is, by what lies on the disk. Plain JavaScript for any Node from 18 on: setup.js loads it before the Node that
 * everything else runs on is there.
 */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** A cache with more packages than that is warm: nothing much is downloaded, and to count it takes longer than it tells. */
const COUNTED_AT_MOST = 5_000

/**
 * Gives a function that says, each time it is called, how far an install is that begins now. npm makes all folders, then downloads
 * every package into its cache, and only then unpacks any: each of these moves while the others stand still.
 * `paths` are folders of packages below `root`, `cache` is npm's.
 */
export function installProgress({ root, paths, cache = npmCache(), now = () => performance.now() }) {
  const begun = now()
  const before = downloadedIn(cache)
  let last
  let since = begun
  return () => {
    const unpacked = paths.filter((path) => existsSync(join(root, path, 'package.json'))).length
    const downloaded = downloadedIn(cache)
    const partly = filesIn(join(cache, '_cacache', 'tmp'))
    const fresh = before === undefined || downloaded === undefined ? 0 : Math.max(0, downloaded - before)
    const words = [
      ...downloadWords({ fresh, partly, unpacked }),
      ...(unpacked > 0 ? [`${unpacked} of at most ${paths.length} packages unpacked`] : []),
    ].join(', ')
    const at = now()
    if (words !== last) since = at
    last = words
    const still = at === since ? '' : `, the same for ${seconds(at - since)}`
    return `${seconds(at - begun)}: ${words}${still}`
  }
}

/**
 * Paths of the packages that npm puts into node_modules on a machine of `os`, `cpu` and `libc` (undefined where there is none to
 * tell): `packages` as package-lock.json lists them, which names those of every other platform as well, and our own, that are links.
 */
export function packagesFor(packages, { os, cpu, libc }) {
  return Object.entries(packages)
    .filter(([path, one]) => path.startsWith('node_modules/') && one.link !== true)
    .filter(([, one]) => allows(one.os, os) && allows(one.cpu, cpu) && (libc === undefined || allows(one.libc, libc)))
    .map(([path]) => path)
}

/** As npm reads it: a list of what fits, or with `!` of what does not. */
function allows(list, value) {
  if (list === undefined) return true
  if (list.includes(`!${value}`)) return false
  return list.includes(value) || list.every((one) => one.startsWith('!'))
}

/**
 * What is on its way. npm asks for all packages at once, so that hundreds arrive side by side before the first is whole: what has
 * come of them grows meanwhile, and is told.
 */
function downloadWords({ fresh, partly, unpacked }) {
  const { count, bytes } = partly
  const came = bytes === 0 ? '' : `, ${(bytes / 1e6).toFixed(1)} MB of them here`
  if (fresh > 0 && count > 0) return [`${packages(fresh)} downloaded, ${count} more on their way${came}`]
  if (fresh > 0) return [`${packages(fresh)} downloaded`]
  if (count > 0) return [`downloading ${packages(count)} side by side${came}`]
  return unpacked > 0 ? [] : ['npm is working out what to download']
}

function packages(count) {
  return `${count} ${count === 1 ? 'package' : 'packages'}`
}

/** Where npm keeps what it downloads: under `npm start` it says so itself. */
function npmCache() {
  const own = process.platform === 'win32' ? join(process.env.LOCALAPPDATA ?? homedir(), 'npm-cache') : undefined
  return process.env.npm_config_cache ?? own ?? join(homedir(), '.npm')
}

/** Packages in a cache, each a file three folders down (`content-v2/sha512/ab/cd/...`); undefined where there are too many to count. */
function downloadedIn(cache) {
  let count = 0
  for (const algorithm of foldersIn(join(cache, '_cacache', 'content-v2')))
    for (const first of foldersIn(algorithm))
      for (const second of foldersIn(first)) {
        count += entriesOf(second).length
        if (count > COUNTED_AT_MOST) return undefined
      }
  return count
}

function foldersIn(folder) {
  return entriesOf(folder).map((name) => join(folder, name))
}

/** How many files lie in a folder, and how large they are together. */
function filesIn(folder) {
  const names = entriesOf(folder)
  return { count: names.length, bytes: names.reduce((sum, name) => sum + bytesOf(join(folder, name)), 0) }
}

function bytesOf(file) {
  // Whole by now, and moved to its place.
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

function entriesOf(folder) {
  try {
    return readdirSync(folder)
  } catch {
    // Not made yet, or no folder: nothing is in it.
    return []
  }
}

function seconds(ms) {
  return `${Math.round(ms / 1_000)} s`
}
