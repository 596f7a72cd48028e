/** A Markdown file with marked sections and their new contents in; the file with those sections replaced out. */

/** A section lies between `<!-- NAME -->` and `<!-- /NAME -->`. Throws where a section is not there. */
export function replaceSections(document: string, sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections).reduce((text, [name, body]) => {
    const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
    const [begin, end] = [text.indexOf(open), text.indexOf(close)];
    if (begin < 0 || end < begin) throw new Error(`no section ${open} … ${close}`);
    return `${text.slice(0, begin + open.length)}\n${body.trim()}\n${text.slice(end)}`;
  }, document);
}
