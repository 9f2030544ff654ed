import { createHash } from 'node:crypto'
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { RecorderError } from '../errors.ts'
import { syncFolder } from '../key-files.ts'

const LOCAL_BYTES = 30
const CENTRAL_BYTES = 46
const END64_BYTES = 56
const LOCATOR64_BYTES = 20
const END_BYTES = 22
const WRITE_BYTES = 1024 * 1024
/** Classic zip fields end here; more files take the 64-bit end record, more bytes are refused. */
const MAX_16 = 0xffff
const MAX_32 = 0xffffffff
/** 1980-01-01 00:00: a zip says when it was packed, and that must not make two equal bundles differ. */
const FIXED_DATE = 0x0021

/**
 * Writes a zip whose bytes follow from its files alone: stored, not compressed; fixed times; no extra fields. The file
 * appears under its name when {@link finish} returns, or not at all.
 */
export class ZipWriter implements Disposable {
  readonly #path: string
  #file: number | undefined
  #offset = 0
  readonly #hash = createHash('sha256')
  readonly #central: Buffer[] = []
  /** Not written yet: a bundle has many small files, and a system call for each header would be most of the work. */
  #waiting: Uint8Array[] = []
  #waitingBytes = 0

  constructor(path: string) {
    this.#path = path
    this.#file = openSync(`${path}.partial`, 'w', 0o600)
  }

  /** `name` is ASCII. */
  add(name: string, content: Uint8Array): void {
    const nameBytes = Buffer.from(name, 'ascii')
    const header = Buffer.alloc(LOCAL_BYTES)
    header.writeUInt32LE(0x04034b50, 0)
    header.writeUInt16LE(10, 4)
    header.writeUInt16LE(FIXED_DATE, 12)
    header.writeUInt32LE(crc32(content), 14)
    header.writeUInt32LE(content.length, 18)
    header.writeUInt32LE(content.length, 22)
    header.writeUInt16LE(nameBytes.length, 26)
    const central = Buffer.alloc(CENTRAL_BYTES)
    central.writeUInt32LE(0x02014b50, 0)
    central.writeUInt16LE(10, 4)
    header.copy(central, 6, 4, 30)
    central.writeUInt32LE(this.#offset, 42)
    this.#central.push(central, nameBytes)
    this.#write(header)
    this.#write(nameBytes)
    this.#write(content)
  }

  /** Writes the directory, syncs, and gives the file its name. */
  finish(): { readonly bytes: number; readonly sha256: string } {
    const count = this.#central.length / 2
    const directory = Buffer.concat(this.#central)
    const at = this.#offset
    this.#write(directory)
    const classicCount = Math.min(count, MAX_16)
    if (count >= MAX_16) this.#write(end64(count, directory.length, at))
    const end = Buffer.alloc(END_BYTES)
    end.writeUInt32LE(0x06054b50, 0)
    end.writeUInt16LE(classicCount, 8)
    end.writeUInt16LE(classicCount, 10)
    end.writeUInt32LE(directory.length, 12)
    end.writeUInt32LE(at, 16)
    this.#write(end)
    this.#flush()
    const file = this.#open()
    fsyncSync(file)
    closeSync(file)
    this.#file = undefined
    renameSync(`${this.#path}.partial`, this.#path)
    syncFolder(dirname(this.#path))
    return { bytes: this.#offset, sha256: this.#hash.digest('hex') }
  }

  /** Removes what was written unless it was finished. */
  [Symbol.dispose](): void {
    if (this.#file === undefined) return
    closeSync(this.#file)
    this.#file = undefined
    rmSync(`${this.#path}.partial`, { force: true })
  }

  #write(bytes: Uint8Array): void {
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    this.#offset += bytes.length
    if (this.#waitingBytes >= WRITE_BYTES) this.#flush()
    if (this.#offset > MAX_32) throw new RecorderError('invalid', 'a bundle holds at most 4 GiB: export fewer entries')
  }

  #flush(): void {
    const file = this.#open()
    const bytes = Buffer.concat(this.#waiting)
    this.#waiting = []
    this.#waitingBytes = 0
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at)
    this.#hash.update(bytes)
  }

  #open(): number {
    if (this.#file === undefined) throw new TypeError('the zip is finished')
    return this.#file
  }
}

function end64(count: number, directoryBytes: number, directoryAt: number): Buffer {
  const end = Buffer.alloc(END64_BYTES + LOCATOR64_BYTES)
  end.writeUInt32LE(0x06064b50, 0)
  end.writeBigUInt64LE(BigInt(END64_BYTES - 12), 4)
  end.writeUInt16LE(45, 12)
  end.writeUInt16LE(45, 14)
  end.writeBigUInt64LE(BigInt(count), 24)
  end.writeBigUInt64LE(BigInt(count), 32)
  end.writeBigUInt64LE(BigInt(directoryBytes), 40)
  end.writeBigUInt64LE(BigInt(directoryAt), 48)
  end.writeUInt32LE(0x07064b50, END64_BYTES)
  end.writeBigUInt64LE(BigInt(directoryAt + directoryBytes), END64_BYTES + 8)
  end.writeUInt32LE(1, END64_BYTES + 16)
  return end
}
