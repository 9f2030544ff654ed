/**
 * Patterns that the checker does not call safe, or cannot decide, each with what bounds it. What is repeated at most so many
 * times costs that factor and no more: the checker counts it as a power of the length all the same.
 */
export const REVIEWED: ReadonlyMap<string, string> = new Map([
  [String.raw`"origin":\{[^{}]{0,2000}?"trace":"([0-9a-f]{32})"`, 'each beginning looks at 2,000 characters at most'],
  [
    String.raw`\barn:[a-z-]{3,16}:[a-z0-9-]{2,40}:[a-z0-9-]{0,32}:\d{0,12}:$`,
    'each beginning looks at about 110 characters at most',
  ],
  [
    String.raw`(?<![\w-])--([A-Za-z][\w.-]{0,127})(?:=| {1,8})([^\s'"\\-][^\s'"\\]*)`,
    'a name has 128 characters at most, and a value is read once: it begins behind a sign that a name does not hold',
  ],
  [
    String.raw`^(?:(?:proxy-)?authoriz.*|cookie2?|set-cookie2?|.*(?:api|access|secret|private)[-_]?key|.*(?:subscription|functions|auth|master|admin|account|signing|encryption)[-_]key|.*[-_](?:token|jwt|secret|signature|credential)|token|x-goog-iam-authorization-token|proxy-authenticate|authentication-info)$`,
    'it is anchored, so that each ending is tried once for each place; the head of a request is bounded',
  ],
  [
    String.raw`^(?:[\w.-]*[-_.])?requirements(?:[-_.][\w.-]+)?\.txt$`,
    'held against names of files of at most 255 characters',
  ],
  [String.raw`^\s*([A-Za-z0-9][\w.-]*)(.*)$`, 'held against lines that are cut at 2,000 characters'],
  [String.raw`^==\s*(?=[^,]*$)`, 'held against lines that are cut at 2,000 characters'],
  [
    String.raw`(?:namespaces\/([^/]+)\/)?([a-z]+)(?:\/([^/]+))?(?:\/[a-z]+)?$`,
    'held against names that are cut at 2,048 characters',
  ],
  [String.raw`[.'_-]+$`, 'held against words of a sentence, which has 1,000 characters at most'],
  [
    String.raw`(?:^[\p{L}\p{N} _-]{1,32}|\p{Lu}[\p{L}\p{N}]{0,32})\s?[:=]\s{1,4}([^\s,;"'<>()[\]{}]{3,100})`,
    'each beginning looks at about 140 characters at most',
  ],
  [
    String.raw`\b(?:do|perform|complete|execute|carry out|follow|fulfil+|handle|take care of|act on|implement|address|process|apply|comply with)\b[^.?!]{0,60}\b(?:instruction|task|action|step|request|to-?do|item|ask|direction|what|everything|all|accordingly|guide|procedure|says?|asks?|mention|list|describ)|\baccordingly\b|\b(?:as|what|whatever|everything)\b[^.?!]{0,40}\b(?:says?|asks?|instruct|describ|mention|request|list|specif|state|need|want)`,
    'each beginning looks at about 80 characters at most, in 50,000 that the owner said',
  ],
  [String.raw`["'“‘]([^"'”’]{3,120})["'”’]`, 'each beginning looks at 122 characters at most'],
  [
    String.raw`[\p{L}\p{N}._%+-]{1,64}@[\p{L}\p{N}.-]{1,128}`,
    'each beginning looks at 193 characters at most, in 50,000 that the owner said',
  ],
  [String.raw`(?<=[\p{Ll},'"]\s{1,4}['"]?)\p{Lu}\p{Ll}{2,}`, 'what stands before is looked at for six characters'],
])
