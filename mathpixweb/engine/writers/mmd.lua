-- The LaTeX in Mathpix Markdown, read as LaTeX. The empty list keeps the reader from opening files.

local silent = {}
for name in ([[vspace hspace label captionsetup setlength setcounter addtocounter pagestyle thispagestyle noindent
  usepackage documentclass newcommand renewcommand newtheorem theoremstyle bibliographystyle includegraphics
  centering hfill vfill bigskip medskip smallskip input include]]):gmatch("%a+") do
  silent[name] = true
end

local function read(text, format)
  local understood, document = pcall(pandoc.read, text, format, pandoc.ReaderOptions({}), {})
  if understood then return document.blocks end
  return pandoc.Blocks({ pandoc.CodeBlock(text) }) -- better seen as its source than lost
end

-- What a command says when nobody knows the command: its arguments.
local function arguments(text)
  local name = text:match("^\\(%a+)")
  if name and silent[name] then return "" end
  local said = {}
  for group in text:gmatch("%b{}") do said[#said + 1] = group:sub(2, -2) end
  return table.concat(said, " ")
end

local statements = {}
for name in ([[theorem lemma corollary proposition definition remark example conjecture claim]]):gmatch("%a+") do
  statements[name] = name:sub(1, 1):upper() .. name:sub(2)
end

-- The content of an environment that nobody knows, headed by its name if it states something.
local function statement(name, inner)
  local said, title = statements[name], inner:match("^%s*(%b[])")
  local blocks = pandoc.Blocks(read(title and said and inner:gsub("^%s*%b[]", "", 1) or inner, "latex"))
  if not said then return blocks end
  local label = said .. (title and " (" .. title:sub(2, -2) .. ")" or "") .. "."
  blocks:insert(1, pandoc.Para({ pandoc.Strong(pandoc.Inlines(label)) }))
  return blocks
end

local unknown = {
  RawInline = function(raw) return pandoc.utils.blocks_to_inlines(read(arguments(raw.text), "latex")) end,
  RawBlock = function(raw)
    local name, inner = raw.text:match("^\\begin(%b{})(.*)\\end%b{}%s*$")
    if not inner then return read(arguments(raw.text), "latex") end
    return statement(name:sub(2, -2), inner)
  end,
}

-- A picture that is not at hand is a link to where it is: nothing fetches it, and nothing reads files.
local function sizeless(image)
  if not FORMAT:match("markdown") and not image.src:match("^data:") and not image.src:match("^%./images/") then
    if image.src:match("^https?://") then return pandoc.Link(image.caption, image.src) end
    return image.caption
  end
  image.attributes.width, image.attributes.height = nil, nil -- "\\textwidth" means nothing elsewhere
  return image
end

-- In Markdown the document's title is the only heading of the first level.
local function lowered(header)
  if FORMAT:match("markdown") then header.level = header.level + 1 end
  return header
end

local function latex(text)
  return pandoc.Blocks(read(text, "latex+raw_tex")):walk(unknown):walk({ Header = lowered, Image = sizeless })
end

local page_break = {
  docx = pandoc.RawBlock("openxml", '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'),
}

local marks = {
  sub = pandoc.Subscript, sup = pandoc.Superscript, b = pandoc.Strong, strong = pandoc.Strong, i = pandoc.Emph,
  em = pandoc.Emph, u = pandoc.Underline, ins = pandoc.Underline, s = pandoc.Strikeout, del = pandoc.Strikeout,
}

local nothing_raw = { RawInline = function() return {} end, RawBlock = function() return {} end }

local function html(text)
  return pandoc.Blocks(read(text, "html")):walk({ Image = sizeless }):walk(nothing_raw)
end

-- Tags between words as what they mean; a tag that means nothing here is left out, never passed on.
function Inlines(inlines)
  if FORMAT:match("markdown") then return nil end
  local open = { { content = pandoc.Inlines({}) } }
  local function top() return open[#open].content end
  for _, inline in ipairs(inlines) do
    if inline.t ~= "RawInline" or not inline.format:match("html") then
      top():insert(inline)
    else
      local closing, tag = inline.text:match("^<(/?)(%a+)")
      tag = tag and tag:lower()
      if tag == "img" then
        top():extend(pandoc.utils.blocks_to_inlines(html(inline.text)))
      elseif marks[tag] and closing == "" then
        open[#open + 1] = { tag = tag, content = pandoc.Inlines({}) }
      elseif marks[tag] and open[#open].tag == tag then
        local content = table.remove(open).content
        top():insert(marks[tag](content))
      end
    end
  end
  while #open > 1 do
    local content = table.remove(open).content
    top():extend(content)
  end
  return top()
end

function RawBlock(raw)
  if raw.format:match("html") then
    if FORMAT:match("markdown") then return read(raw.text, "html") end
    return html(raw.text)
  end
  if not raw.format:match("tex") then return nil end
  if raw.text:match("^\\newpage") then return page_break[FORMAT] or pandoc.HorizontalRule() end
  return latex(raw.text)
end

function RawInline(raw)
  if raw.format:match("tex") then return pandoc.utils.blocks_to_inlines(latex(raw.text)) end
  if raw.text:match("^<br") then return pandoc.LineBreak() end
end

Image = sizeless
