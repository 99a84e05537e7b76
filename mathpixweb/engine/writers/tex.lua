-- Pages and pictures the LaTeX way. Everything that is LaTeX already passes as it is.

function Image(image)
  if image.src:match("^%./") then
    return pandoc.RawInline("latex", "\\includegraphics[max width=\\textwidth]{" .. image.src .. "}")
  end
  -- what is not in the archive is a link to where it is, or its description
  if image.src:match("^https?://") then return pandoc.Link(image.caption, image.src) end
  return image.caption
end

function RawBlock(raw)
  if raw.format:match("html") then
    return pandoc.read(raw.text, "html", pandoc.ReaderOptions({}), {}).blocks
  end
end
