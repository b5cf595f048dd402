/**
 * How the PDF looks, in Typst. It reads the document as data from `sys.inputs.report`; nothing is
 * put into this text. Fonts are those inside the compiler (Libertinus Serif, DejaVu Sans Mono, New
 * Computer Modern Math), so a report looks the same on every machine; fonts of the system only
 * stand in for characters that these lack.
 */
export const template = String.raw`
#let report = json(bytes(sys.inputs.report))
#let ink = rgb("#22262b")
#let muted = rgb("#5c636b")
#let line-colour = rgb("#d9dde1")
#let raised = rgb("#f4f6f7")

#set document(title: report.title, author: "Weightscape", date: if report.date == none { none } else {
  let (y, m, d, h, min, s) = report.date
  datetime(year: y, month: m, day: d, hour: h, minute: min, second: s)
})
#set page(
  paper: "a4",
  margin: (x: 24mm, top: 26mm, bottom: 25mm),
  header: context if counter(page).get().first() > 1 {
    set text(8.5pt, fill: muted)
    grid(columns: (1fr, auto), text(report.short), [Weightscape report])
  },
  footer: context {
    set align(center)
    set text(8.5pt, fill: muted)
    [#counter(page).display() / #counter(page).final().first()]
  },
)
#set text(font: "Libertinus Serif", size: 10pt, fill: ink, lang: "en", number-type: "lining", hyphenate: false, costs: (widow: 200%, orphan: 200%, runt: 400%))
#set par(leading: 0.62em, spacing: 0.9em, linebreaks: "optimized")
#show raw: set text(font: "DejaVu Sans Mono", size: 8pt)
#show heading.where(level: 1): it => block(above: 1.9em, below: 0.9em, sticky: true, text(14pt, weight: "semibold", it.body))
#show heading.where(level: 2): it => block(above: 1.4em, below: 0.7em, sticky: true, text(10.5pt, weight: "semibold", it.body))
#show link: set text(fill: rgb("#00598c"))
#set enum(spacing: 0.65em, indent: 0pt, body-indent: 0.6em)

// A word without a place to break would run off the page. Between boxes lines may break, and nothing is added that would be copied with the text.
#let breakable-word(body) = {
  show regex("\S{30,}"): it => it.text.clusters().chunks(8).map(piece => box(piece.join())).join()
  body
}

#let inline(part) = {
  if type(part) == str { text(part) }
  else if "italic" in part { emph(text(part.italic)) }
  else if "strong" in part { strong(text(part.strong)) }
  else if "code" in part { raw(part.code) }
  else if "link" in part { link(part.link, text(part.text)) }
}
#let inlines(parts) = parts.map(inline).join()

#let caption-of(kind, number, it) = align(left, block(width: 100%, {
  set text(8.8pt, fill: muted)
  set par(leading: 0.55em, justify: false)
  text(fill: ink, weight: "semibold")[#kind #number. #text(it.title). ]
  inlines(it.caption)
}))

#let figure-number = counter("report-figure")
#let table-number = counter("report-table")

#let show-figure(it) = block(breakable: false, above: 1.5em, below: 1.7em, {
  figure-number.step()
  image(bytes(it.svg), format: "svg", width: 100%, alt: it.description)
  v(0.7em, weak: true)
  context caption-of("Figure", figure-number.get().first(), it)
})

// Longest of its texts, in characters, and all of them together.
#let text-of(parts) = parts.map(part => if type(part) == str { part } else { part.values().join() }).join("")
#let length-of(parts) = text-of(parts).clusters().len()
#let longest-word(parts) = calc.max(..text-of(parts).split(" ").map(word => word.clusters().len()))
#let longest(it, i) = calc.max(0, ..it.rows.map(row => length-of(row.at(i))))
#let size-of(it) = it.rows.flatten().len() + it.rows.map(row => row.map(length-of).sum(default: 0)).sum(default: 0)
// What fits a page for sure stands on one.
#let short-table(it) = it.rows.len() <= 14 and size-of(it) < 1800
// Columns that need room share what the others leave, each by its longest text; where none does, the last of words takes it.
#let column-widths(it) = {
  let all = range(it.columns.len())
  let wide = all.filter(i => it.columns.at(i).align == "left" and longest(it, i) > (if i == 0 { 34 } else { 20 }))
  let words = all.slice(1).filter(i => it.columns.at(i).align == "left")
  // What has no place to break; longer ones are broken anywhere.
  let word(i) = calc.max(0, ..(it.columns.at(i).header, ..it.rows.map(row => row.at(i))).map(longest-word).filter(length => length < 30))
  let room(i) = calc.max(longest(it, i), length-of(it.columns.at(i).header)) + 3
  // Some hundred characters fit a line. Where those that need none of it leave the others too little, all give way, but for the space at their sides.
  let taken = all.filter(i => i not in wide).map(room).sum(default: 0)
  if taken + 20 * wide.len() > 100 { all.map(i => calc.max(calc.min(room(i), 40) + 6, 4 * word(i)) * 1fr) }
  else if wide.len() > 0 { all.map(i => if i in wide { calc.min(longest(it, i), 40) * 1fr } else { auto }) }
  else if words.len() > 0 { all.map(i => if i == words.last() { 1fr } else { auto }) }
  else { all.map(i => if i > 0 { 1fr } else { auto }) }
}
#let show-table(it) = block(breakable: not short-table(it), above: 1.5em, below: 1.7em, {
  table-number.step()
  block(sticky: true, below: 0.7em, context caption-of("Table", table-number.get().first(), it))
  set text(9pt)
  set par(leading: 0.5em)
  set table.cell(breakable: false)
  table(
    columns: column-widths(it),
    align: (column, _) => if it.columns.at(column).align == "right" { right } else { left },
    stroke: (_, row) => if row == 0 { (top: 0.9pt + ink, bottom: 0.5pt + ink) } else { (bottom: if row == it.rows.len() { 0.9pt + ink } else { 0.4pt + line-colour }) },
    inset: (x: 0.6em, y: 0.42em),
    table.header(..it.columns.map(c => table.cell(strong(inlines(c.header))))),
    ..it.rows.map(row => row.map(cell => breakable-word(inlines(cell)))).flatten(),
  )
})

#let show-numbers(items) = block(width: 100%, above: 1em, below: 1.3em, fill: raised, stroke: 0.5pt + line-colour, radius: 3pt, clip: true, breakable: false, grid(
  columns: items.map(_ => 1fr),
  inset: (x: 8pt, y: 9pt),
  stroke: (x, _) => if x > 0 { (left: 0.5pt + line-colour) },
  ..items.map(it => {
    set par(leading: 0.45em, spacing: 0.55em)
    text(8.2pt, fill: muted, weight: "semibold", it.label)
    parbreak()
    text(14pt, it.value)
    parbreak()
    text(8.2pt, fill: muted, it.note)
  }),
))

#let show-code(it) = {
  heading(level: 2, outlined: false, text(it.label))
  let body = { set par(leading: 0.5em); show raw: set text(size: 7.2pt); raw(it.text, block: true) }
  block(width: 100%, fill: raised, stroke: 0.5pt + line-colour, radius: 3pt, inset: 9pt, breakable: it.text.split("\n").len() > 40, body)
}

#let show-block(it) = {
  if it.kind == "paragraph" { par(inlines(it.text)) }
  else if it.kind == "list" { enum(..it.items.map(inlines)) }
  else if it.kind == "numbers" { show-numbers(it.items) }
  else if it.kind == "figure" { show-figure(it.figure) }
  else if it.kind == "table" { show-table(it.table) }
  else if it.kind == "code" { show-code(it) }
}

#text(8.5pt, fill: muted, tracking: 0.08em, upper[Weightscape report])
#v(0.9em, weak: true)
#block(above: 0pt, below: 1em, { set par(leading: 0.4em); breakable-word(text(21pt, weight: "semibold", report.title)) })
#text(fill: muted, inlines(report.subtitle))

#for section in report.sections {
  heading(level: 1, text(section.title))
  for it in section.blocks { show-block(it) }
}
`
