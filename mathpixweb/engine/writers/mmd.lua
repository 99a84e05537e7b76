-- The LaTeX in Mathpix Markdown, read as LaTeX. The empty list keeps the reader from opening files.

local silent = {}
for name in ([[vspace hspace label captionsetup setlength setcounter addtocounter pagestyle thispagestyle noindent
  usepackage documentclass newcommand renewcommand newtheorem theoremstyle bibliographystyle includegraphics
  centering hfill vfill bigskip medskip smallskip input include]]):gmatch("%a+") do
  silent[name] = true
end

local function read(text, format)
  return pandoc.read(text, format, pandoc.ReaderOptions({}), {}).blocks
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

function RawBlock(raw)
  if raw.format:match("html") then return read(raw.text, "html") end
  if not raw.format:match("tex") then return nil end
  if raw.text:match("^\\newpage") then return page_break[FORMAT] or pandoc.HorizontalRule() end
  return latex(raw.text)
end

function RawInline(raw)
  if raw.format:match("tex") then return pandoc.utils.blocks_to_inlines(latex(raw.text)) end
  if raw.text:match("^<br") then return pandoc.LineBreak() end
end

Image = sizeless
