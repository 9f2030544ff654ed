import { existsSync } from 'node:fs'
import { buildSensor, loaderPath } from '../../build.js'

/**
 * Why tests that load kernel programs cannot run here; undefined where they can. Builds the loader first, so that what
 * is tested is of today's sources.
 */
export function whyNoKernel(): string | undefined {
  if (process.platform !== 'linux') return 'the kernel is not Linux'
  if (process.getuid?.() !== 0) return 'not root'
  if (!existsSync('/sys/kernel/btf/vmlinux')) return 'the kernel gives no type information'
  try {
    buildSensor()
  } catch (error) {
    return String(error)
  }
  return undefined
}

export { loaderPath }
