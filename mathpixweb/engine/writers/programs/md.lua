-- Markdown for other programs: formulas between the delimiters asked for, and characters escaped that mean
-- something to some of them. Both go out as HTML, which the writer leaves alone, also inside of its tables.

local options = {}

local function verbatim(text) return pandoc.RawInline("html", text) end

local function between(text, delimiters) return verbatim(delimiters[1] .. text .. delimiters[2]) end

local function formula(math)
  local text = math.text:gsub("^%s+", ""):gsub("%s+$", "")
  if math.mathtype == "InlineMath" then return between(text, options.inline) end
  return between("\n" .. text .. "\n", options.display)
end

-- In a table's cell a bar would end the cell and a bracket begin a tag.
local function cell_formula(math)
  local text = math.text:gsub("\\|", "\\Vert "):gsub("|", "\\vert "):gsub("<", "\\lt "):gsub(">", "\\gt ")
  return between(text:gsub("%s+", " "), options.inline)
end

local function escaped(str)
  if options.escape == "" or not str.text:find(options.escape) then return nil end
  local pieces, rest = pandoc.Inlines({}), str.text
  while true do
    local at = rest:find(options.escape)
    if not at then break end
    if at > 1 then pieces:insert(pandoc.Str(rest:sub(1, at - 1))) end
    pieces:insert(verbatim("\\" .. rest:sub(at, at)))
    rest = rest:sub(at + 1)
  end
  if rest ~= "" then pieces:insert(pandoc.Str(rest)) end
  return pieces
end

-- Display formulas stand in paragraphs of their own: some programs know them only so.
local function paragraphs(para)
  local blocks, line = pandoc.Blocks({}), pandoc.Inlines({})
  local function finish()
    while #line > 0 and (line[#line].t == "SoftBreak" or line[#line].t == "Space") do line:remove(#line) end
    if #line > 0 then blocks:insert(pandoc.Para(line)) end
    line = pandoc.Inlines({})
  end
  for _, inline in ipairs(para.content) do
    if inline.t == "Math" and inline.mathtype == "DisplayMath" then
      finish()
      blocks:insert(pandoc.Para({ inline }))
    elseif #line > 0 or (inline.t ~= "SoftBreak" and inline.t ~= "Space") then
      line:insert(inline)
    end
  end
  finish()
  return blocks
end

local function front_matter(doc)
  local front = pandoc.Blocks({})
  if doc.meta.title then front:insert(pandoc.Header(1, doc.meta.title)) end
  for _, author in ipairs(doc.meta.author or {}) do front:insert(pandoc.Para(author)) end
  if doc.meta.abstract then
    front:insert(pandoc.Header(2, pandoc.Inlines("Abstract")))
    local abstract = doc.meta.abstract
    front:extend(pandoc.utils.type(abstract) == "Inlines" and { pandoc.Para(abstract) } or abstract)
  end
  return front
end

-- What only other formats make something of.
local function bare(tab)
  tab.attr = pandoc.Attr()
  for _, part in ipairs({ tab.head, tab.foot, table.unpack(tab.bodies) }) do
    for _, row in ipairs(part.rows or part.body) do
      for _, cell in ipairs(row.cells) do cell.attr = pandoc.Attr() end
    end
  end
  return tab
end

-- Captions are paragraphs: Markdown's own tables and pictures have none.
local function caption_first(tab)
  tab = bare(tab)
  if #tab.caption.long == 0 then return tab end
  local blocks = pandoc.Blocks(tab.caption.long)
  tab.caption.long = {}
  blocks:insert(tab)
  return blocks
end

local function caption_last(figure)
  local blocks = pandoc.Blocks(figure.content)
  blocks:extend(figure.caption.long)
  return blocks:walk({ Plain = function(plain) return pandoc.Para(plain.content) end })
end

local function option(meta, name) return pandoc.utils.stringify(meta["md-" .. name] or "") end

function Pandoc(doc)
  options.inline = { option(doc.meta, "inline-open"), option(doc.meta, "inline-close") }
  options.display = { option(doc.meta, "display-open"), option(doc.meta, "display-close") }
  options.escape = option(doc.meta, "escape")
  local blocks = front_matter(doc)
  blocks:extend(doc.blocks)
  blocks = blocks:walk({ Figure = caption_last, Table = caption_first, Para = paragraphs })
  blocks = blocks:walk({ Table = function(tab) return tab:walk({ Math = cell_formula }) end })
  blocks = blocks:walk({ Math = formula, Str = escaped })
  blocks = blocks:walk({
    Header = function(header) return pandoc.Header(header.level, header.content) end, -- without an identifier
    Div = function(div) return div.content end,
    Span = function(span) return span.content end,
  })
  return pandoc.Pandoc(blocks)
end
