import { parseJsonText } from '../decode/json-text.ts'
import { isOtlpJson } from './otlp-file.ts'

/** UTF-8 text, or undefined for bytes that are none. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    // Protobuf of ASCII names can be UTF-8; no text starts with control bytes, and every OTLP message does.
    return text.charCodeAt(0) < 0x20 && !/^\s/.test(text) ? undefined : isProtobufStart(bytes) ? undefined : text
  } catch {
    // Not UTF-8: the caller reads it as protobuf or refuses it.
    return undefined
  }
}

/** Field 1, length-delimited: how every OTLP request begins. As text it is a line feed and then a control byte or a letter. */
function isProtobufStart(bytes: Uint8Array): boolean {
  return bytes[0] === 0x0a && bytes.subarray(0, 256).some((byte) => byte < 0x09 || (byte > 0x0d && byte < 0x20))
}

/** Several requests, one a line, and not one that is printed over many lines: then its first line is no request. */
export function isOtlpLines(text: string): boolean {
  const trimmed = text.trim()
  const end = trimmed.indexOf('\n')
  if (end === -1 || isOtlpJson(trimmed) === undefined) return false
  return parseJsonText(trimmed.slice(0, end)) !== undefined
}

/** The name of a file without its folders and endings. */
export function stemOf(path: string): string {
  const base = path.slice(path.lastIndexOf('/') + 1)
  const parts = base.split('.')
  while (parts.length > 1 && /^[A-Za-z0-9]{1,6}$/.test(parts.at(-1) ?? '')) parts.pop()
  return parts.join('.') || base
}

/** The name of the folder that a file lies in; that of the file where it lies in none. */
export function folderOf(path: string): string {
  const parts = path.split('/')
  return parts.at(-2) ?? stemOf(path)
}
