// One warm renderer: a JSON request per line on stdin, a JSON answer per line on stdout.
"use strict";

console.log = console.error; // the library reports bad TeX with console.log, and stdout carries our answers

const readline = require("node:readline");
const domino = require("@mathpix/domino");
const { MathpixMarkdownModel } = require("mathpix-markdown-it");
const { MathJax } = require("mathpix-markdown-it/lib/mathjax");
const { mhchemParser } = require("mhchemparser/dist/mhchemParser.js");

globalThis.DOMParser = class {
  parseFromString(html) {
    return domino.createDocument(html, true);
  }
};

// A macro defined in one document would otherwise be known, or redefine \alpha, in the next one: the
// library builds its TeX parsers anew when it sees another value here. That takes longer than an equation,
// so it is done only after a document with a command that may define something (or has "new" in its name).
const defining = /\\[a-z]*(def|new|let|declare|provide|require|set|use|form)/i;
let mayHaveDefined = false;

function forgetMacros(mmd) {
  if (mayHaveDefined) MathJax.nonumbers = undefined;
  mayHaveDefined = defining.test(mmd);
}

// `include_svg` draws formulas and chemical structures alike. Pages want structures drawn but formulas as
// MathML, so for the length of a page the formulas are told otherwise.
let formulasAsMathml = false;
for (const name of ["TexConvert", "TypesetMathML", "AsciiMathToSvg"]) {
  const typeset = MathJax[name];
  MathJax[name] = function (source, options, throwError) {
    if (!formulasAsMathml) return typeset.call(this, source, options, throwError);
    const outMath = { ...options.outMath, include_svg: false };
    if (name !== "TexConvert") outMath.include_mathml = true; // they have no LaTeX
    return typeset.call(this, source, { ...options, outMath }, throwError);
  };
}

const nothing = {
  include_mathml: false,
  include_asciimath: false,
  include_latex: false,
  include_svg: false,
  include_tsv: false,
  include_table_html: false,
};

// Not the library's default: (c) is the third answer far more often than a copyright, and what was read is
// not to be rewritten. The hosted service answers so, too.
const faithful = { typographer: false };

const operations = {
  html({ mmd, math, htmlTags, compactNotes, showPageBreaks }) {
    formulasAsMathml = math === "mathml";
    const outMath = {
      ...nothing,
      include_mathml: formulasAsMathml,
      include_latex: formulasAsMathml,
      include_error: true,
      include_svg: true,
      include_table_html: true,
    };
    const footnotes = { compact_refs: compactNotes };
    return MathpixMarkdownModel.markdownToHTML(mmd, {
      ...faithful,
      outMath,
      htmlTags,
      footnotes,
      showPageBreaks,
      linkify: false,
      isDisableEmoji: true,
    });
  },
  structure({ mmd, htmlTags, typographer }) {
    formulasAsMathml = true;
    return MathpixMarkdownModel.markdownToHTML(mmd, {
      outMath: { ...nothing, include_latex: true, include_error: true, include_table_html: true, include_smiles: true },
      htmlTags,
      typographer,
      showPageBreaks: true,
      linkify: false,
      isDisableEmoji: true,
    });
  },
  chemistry({ equations }) {
    return equations.map((equation) => {
      const [, command, said] = equation.match(/^\\(ce|pu)\{([^]*)\}$/);
      try {
        return mhchemParser.toTex(said, command);
      } catch {
        return ""; // it is no chemistry
      }
    });
  },
  data({ mmd, options }) {
    formulasAsMathml = false;
    const html = MathpixMarkdownModel.markdownToHTML(mmd, {
      ...faithful,
      outMath: { ...nothing, ...options },
    });
    return [html, MathpixMarkdownModel.parseMarkdownByHTML(html)];
  },
};

function answer(line) {
  try {
    const request = JSON.parse(line);
    if (request.mmd !== undefined) forgetMacros(request.mmd);
    return { result: operations[request.do](request) };
  } catch (error) {
    return { error: String(error.message ?? error) };
  }
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  process.stdout.write(JSON.stringify(answer(line)) + "\n");
});
process.stdout.write(JSON.stringify({ result: "ready" }) + "\n");
