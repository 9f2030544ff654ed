/*
 * How far npm ci is, by what lies on the disk. Plain JavaScript for any Node from 18 on: setup.js loads it before the Node that
 * everything else runs on is there.
 */
import { existsSync, readdirSync } from 'node:fs'
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
    const arriving = entriesOf(join(cache, '_cacache', 'tmp')).length
    const fresh = before === undefined || downloaded === undefined ? 0 : Math.max(0, downloaded - before)
    const words = [
      ...downloadWords({ fresh, arriving, unpacked }),
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
 * What is on its way. npm asks for all packages at once, so hundreds may be arriving before the first is whole; that none is would
 * sound like a fault then, and after the first is unpacked, when npm had all of them.
 */
function downloadWords({ fresh, arriving, unpacked }) {
  if (fresh > 0 && arriving > 0) return [`${packages(fresh)} downloaded, ${arriving} more on their way`]
  if (fresh > 0) return [`${packages(fresh)} downloaded`]
  if (arriving > 0) return [`downloading ${packages(arriving)}, none whole yet`]
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
