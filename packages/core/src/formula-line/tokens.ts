/** The pieces of a formula line. Nothing is ever refused here: what makes no sense is a piece of its own kind. */

export type TokenKind =
  /** A number as it was typed. */
  | 'number'
  /** A text between quotes; `value` is what stands between them. */
  | 'text'
  /** A bare word: a name, an operation, `and`. */
  | 'word'
  /** A name in square brackets. */
  | 'name'
  /** An operation in backquotes. */
  | 'operation'
  /** A sign of a currency. */
  | 'currency'
  /** An operator or bracket, in its plain form: `<=` for `≤`. */
  | 'sign'
  /** Anything else. */
  | 'unknown'

export interface Token {
  kind: TokenKind
  /** As the parser reads it. */
  value: string
  start: number
  end: number
  /** A text, name or operation whose end is missing. */
  open?: true
}

const plain: Readonly<Record<string, string>> = {
  '≠': '!=',
  '<>': '!=',
  '!==': '!=',
  '==': '=',
  '===': '=',
  '≤': '<=',
  '≥': '>=',
  '−': '-',
  '–': '-',
  '×': '*',
  '·': '*',
  '÷': '/',
  '∈': 'in',
  '&&': 'and',
  '||': 'or',
  '!': 'not',
  '؛': ';',
  '،': ';',
}
const signs = /^(?:===|!==|==|!=|<>|<=|>=|&&|\|\||[=<>≠≤≥+\-−–*×·/÷∈!(){};؛،])/u
const word = /^[\p{L}_][\p{L}\p{M}\p{N}_]*(?:\.[\p{L}\p{M}\p{N}_]+)*/u
const closing: ReadonlyMap<string, string> = new Map([
  ['“', '”'],
  ['„', '”'],
  ['«', '»'],
  ['‘', '’'],
])

/** `decimalComma`: whether a comma between two digits is a decimal one, as it is in most languages, or parts arguments. */
export function tokensOf(line: string, decimalComma: boolean): Token[] {
  const number = decimalComma ? /^\p{Nd}+(?:[.,٫]\p{Nd}+)?(?:e[+-]?\d+)?/iu : /^\p{Nd}+(?:[.٫]\p{Nd}+)?(?:e[+-]?\d+)?/iu
  const found: Token[] = []
  let at = 0
  const take = (kind: TokenKind, length: number, value: string, isOpen = false) => {
    found.push({ kind, value, start: at, end: at + length, ...(isOpen ? { open: true } : {}) })
    at += length
  }
  while (at < line.length) {
    const rest = line.slice(at)
    const first = rest[0] as string
    // Blanks, and signs that only say which way to read.
    const [blank] = /^[\s\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069]+/.exec(rest) ?? []
    if (blank) {
      at += blank.length
      continue
    }
    const [digits] = number.exec(rest) ?? []
    const [letters] = word.exec(rest) ?? []
    const [sign] = signs.exec(rest) ?? []
    if (digits) take('number', digits.length, digits)
    else if (first === '"') {
      const [quoted = rest] = /^"(?:[^"\\]|\\.)*"/su.exec(rest) ?? []
      take('text', quoted.length, textIn(quoted), !/^"(?:[^"\\]|\\.)*"$/su.test(quoted))
    } else if (first === '[') untilEnd('name', ']')
    else if (first === '`') untilEnd('operation', '`')
    else if (closing.has(first)) untilEnd('text', closing.get(first) as string)
    else if (letters) take('word', letters.length, letters)
    else if (/^\p{Sc}/u.test(first)) take('currency', 1, first)
    else if (first === ',') take('sign', 1, ';')
    else if (sign) take('sign', sign.length, plain[sign] ?? sign)
    else take('unknown', [...rest][0]?.length ?? 1, [...rest][0] ?? '')
  }
  function untilEnd(kind: TokenKind, end: string) {
    const rest = line.slice(at)
    const to = rest.indexOf(end, 1)
    take(kind, to < 0 ? rest.length : to + 1, rest.slice(1, to < 0 ? undefined : to), to < 0)
  }
  return found
}

/** What stands between straight quotes, with the escapes of JSON. */
function textIn(quoted: string): string {
  try {
    return JSON.parse(quoted.replaceAll('\n', '\\n').replaceAll('\t', '\\t')) as string
  } catch {
    return quoted.replace(/^"|"$/g, '')
  }
}
