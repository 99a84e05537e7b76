-- Pages and pictures the LaTeX way. Everything that is LaTeX already passes as it is.

local reading = pandoc.ReaderOptions({})
local html = "html+tex_math_single_backslash+tex_math_dollars"

local function width_of(image)
  local amount, unit = (image.attributes.width or ""):match("^%s*([%d.]+)%s*(%%?%a*)")
  if not amount then return "max width=\\linewidth" end
  if unit == "%" then return ("width=%g\\linewidth"):format(tonumber(amount) / 100) end
  if unit == "px" or unit == "" then return ("width=%gbp"):format(tonumber(amount) * 0.75) end
  return "width=" .. amount .. unit
end

function Image(image)
  if image.src:match("^%./") then
    return pandoc.RawInline("latex", "\\includegraphics[" .. width_of(image) .. "]{" .. image.src .. "}")
  end
  -- what is not in the archive is a link to where it is, or its description
  if image.src:match("^https?://") then return pandoc.Link(image.caption, image.src) end
  return image.caption
end

local marks = {
  sub = pandoc.Subscript, sup = pandoc.Superscript, b = pandoc.Strong, strong = pandoc.Strong, i = pandoc.Emph,
  em = pandoc.Emph, u = pandoc.Underline, ins = pandoc.Underline, s = pandoc.Strikeout, del = pandoc.Strikeout,
}
local known = {}
for name in ([[a abbr acronym address area article aside audio base big blockquote body br button canvas caption center
  cite code col colgroup dd details dfn dir div dl dt embed fieldset figcaption figure font footer form frame frameset
  h1 h2 h3 h4 h5 h6 head header hr html iframe img input kbd label legend li link main map mark menu meta nav
  noscript object ol optgroup option p param picture pre q rp rt ruby samp script section select small source span
  strike style summary svg table tbody td template textarea tfoot th thead time title tr track tt ul var video wbr
  b strong i em u ins s del sub sup]]):gmatch("%w+") do
  known[name] = true
end

-- Tags between words as what they mean; one that means nothing in LaTeX is left out, and what is no tag is shown.
function Inlines(inlines)
  local open = { { content = pandoc.Inlines({}) } }
  local function top() return open[#open].content end
  for _, inline in ipairs(inlines) do
    if inline.t ~= "RawInline" or not inline.format:match("html") then
      top():insert(inline)
    else
      local closing, tag = inline.text:match("^<(/?)(%w+)")
      tag = tag and tag:lower()
      if tag == "br" then
        top():insert(pandoc.LineBreak())
      elseif marks[tag] and closing == "" then
        open[#open + 1] = { tag = tag, content = pandoc.Inlines({}) }
      elseif marks[tag] and open[#open].tag == tag then
        local content = table.remove(open).content
        top():insert(marks[tag](content))
      elseif tag and not known[tag] then
        top():insert(pandoc.Str(inline.text))
      end
    end
  end
  while #open > 1 do
    local content = table.remove(open).content
    top():extend(content)
  end
  return top()
end

local function leftwards(code)
  return (code >= 0x590 and code <= 0x8ff) or (code >= 0xfb1d and code <= 0xfdff) or (code >= 0xfe70 and code <= 0xfefc)
end

local function rightwards(code)
  return (code >= 0x41 and code <= 0x5a) or (code >= 0x61 and code <= 0x7a) or (code >= 0xc0 and code <= 0x58f)
    or (code >= 0x900 and code <= 0x1fff) or code >= 0x2e80
end

-- Whether the first letter that has a direction runs to the left.
local function begins_leftwards(inlines)
  for _, code in utf8.codes(pandoc.utils.stringify(inlines)) do
    if leftwards(code) then return true end
    if rightwards(code) then return false end
  end
  return false
end

local function has_leftwards(text)
  for _, code in utf8.codes(text) do
    if leftwards(code) then return true end
  end
  return false
end

local function forwards(inlines)
  local content = pandoc.Inlines({ pandoc.RawInline("latex", "\\beginL ") })
  content:extend(inlines)
  content:insert(pandoc.RawInline("latex", "\\endL{}"))
  return content
end

-- A paragraph that runs to the left: formulas, numbers and words of other scripts in it run to the right.
local function turned(para)
  local content, run = pandoc.Inlines({}), pandoc.Inlines({})
  local function finish()
    local after = pandoc.Inlines({})
    while #run > 0 and run[#run].t == "Space" do after:insert(run:remove(#run)) end
    if #run > 0 then content:extend(forwards(run)) end
    content:extend(after)
    run = pandoc.Inlines({})
  end
  for _, inline in ipairs(para.content) do
    local foreign = inline.t == "Math" and inline.mathtype == "InlineMath"
      or inline.t == "Code"
      or inline.t == "Str" and inline.text:match("[%w]") and not has_leftwards(inline.text)
    if foreign or (#run > 0 and inline.t == "Space") then
      run:insert(inline)
    else
      finish()
      content:insert(inline)
    end
  end
  finish()
  content:insert(1, pandoc.RawInline("latex", "\\beginR "))
  return { pandoc.RawBlock("latex", "\\begin{leftwards}"), pandoc.Para(content), pandoc.RawBlock("latex", "\\end{leftwards}") }
end

function Para(para)
  if begins_leftwards(para.content) then return turned(para) end
end

-- Headings of Markdown have no numbers.
function Header(header)
  header.classes:insert("unnumbered")
  return header
end

function RawBlock(raw)
  if raw.format:match("html") then
    return pandoc.read(raw.text, html, reading, {}).blocks:walk({ Image = Image })
  end
end
