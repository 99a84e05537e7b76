"""The table of mathematical symbols: LaTeX, class, Unicode characters, glyph names.

One symbol a line; the columns are separated by white space, "-" stands for none. The first column is what
is written; the second the symbol's class (see `symbols.Class`); the third all characters that mean it; the
rest are names of glyphs in the fonts of TeX. A character or name belongs to one line only.
"""

from __future__ import annotations

from typing import Final

SYMBOLS: Final = r"""
\alpha      letter  α   alpha
\beta       letter  β   beta
\gamma      letter  γ   gamma
\delta      letter  δ   delta
\epsilon    letter  ϵ   epsilon1
\varepsilon letter  ε   epsilon
\zeta       letter  ζ   zeta
\eta        letter  η   eta
\theta      letter  θ   theta
\vartheta   letter  ϑ   theta1
\iota       letter  ι   iota
\kappa      letter  κ   kappa
\varkappa   letter  ϰ   kappa1 kappa1it
\lambda     letter  λ   lambda
\mu         letter  μµ  mu mu1
\nu         letter  ν   nu
\xi         letter  ξ   xi
o           letter  ο   omicron
\pi         letter  π   pi
\varpi      letter  ϖ   pi1 omega1
\rho        letter  ρ   rho
\varrho     letter  ϱ   rho1
\sigma      letter  σ   sigma
\varsigma   letter  ς   sigma1 sigmafinal
\tau        letter  τ   tau
\upsilon    letter  υ   upsilon
\phi        letter  ϕ   phi
\varphi     letter  φ   phi1
\chi        letter  χ   chi
\psi        letter  ψ   psi
\omega      letter  ω   omega
\digamma    letter  ϝ   digamma digammait
\Gamma      letter  Γ   Gamma
\Delta      letter  Δ∆  Delta increment
\Theta      letter  Θϴ  Theta
\Lambda     letter  Λ   Lambda
\Xi         letter  Ξ   Xi
\Pi         letter  Π   Pi
\Sigma      letter  Σ   Sigma
\Upsilon    letter  Υϒ  Upsilon Upsilon1
\Phi        letter  Φ   Phi
\Psi        letter  Ψ   Psi
\Omega      letter  Ω\u2126  Omega Ohm ohm
A           letter  Α   Alpha
B           letter  Β   Beta
E           letter  Ε   Epsilon
Z           letter  Ζ   Zeta
H           letter  Η   Eta
I           letter  Ι   Iota
K           letter  Κ   Kappa
M           letter  Μ   Mu
N           letter  Ν   Nu
O           letter  Ο   Omicron
P           letter  Ρ   Rho
T           letter  Τ   Tau
X           letter  Χ   Chi
\partial    letter  ∂   partialdiff
\nabla      letter  ∇   nabla gradient
\ell        letter  ℓ   lscript afii61289
\hbar       letter  ℏħ  hbar planckover2pi1
\hslash     letter  -   planckover2pi hslash
\imath      letter  ı   dotlessi
\jmath      letter  ȷ   dotlessj
\wp         letter  ℘   weierstrass
\Re         letter  ℜ   Rfractur Rfraktur
\Im         letter  ℑ   Ifractur Ifraktur
\aleph      letter  ℵ   aleph
\beth       letter  ℶ   beth
\gimel      letter  ℷ   gimel
\daleth     letter  ℸ   daleth
\eth        letter  -   eth
\Bbbk       letter  -   k_bb
\infty      ord     ∞   infinity
\forall     ord     ∀   universal forall
\exists     ord     ∃   existential
\nexists    ord     ∄   notexistential notexists
\emptyset   ord     ∅   emptyset emptysetstress
\varnothing ord     ⌀   emptyset1
\neg        ord     ¬   logicalnot
\top        ord     ⊤   latticetop
\angle      ord     ∠   angle
\measuredangle ord  ∡   measuredangle
\sphericalangle ord ∢   sphericalangle
\triangle   ord     △   triangle
\triangledown ord   ▽   triangleinv1
\square     ord     □◻  square
\blacksquare ord    ■◼∎ squaresolid
\lozenge    ord     ◊   lozenge
\blacklozenge ord   ⧫   lozengesolid
\bigstar    ord     ★   star1
\clubsuit   ord     ♣   club
\diamondsuit ord    ♢♦  diamond
\heartsuit  ord     ♡♥  heart
\spadesuit  ord     ♠   spade
\flat       ord     ♭   flat
\natural    ord     ♮   natural
\sharp      ord     ♯   sharp
\checkmark  ord     ✓   check checkmark
\maltese    ord     ✠   maltesecross
\degree     ord     °   degree
\diagup     ord     ⧸⟋  upslope
\diagdown   ord     ⧹⟍  downslope
\Finv       ord     Ⅎ   -
\Game       ord     ⅁   -
\complement ord     ∁   complement
\mho        ord     ℧   mho
\backprime  ord     ‵   primereverse
\surd       ord     -   surd
\ldots      ord     …   ellipsis
\cdots      ord     ⋯   -
\vdots      ord     ⋮   -
\ddots      ord     ⋱   -
\iddots     ord     ⋰   -
\circledS   ord     Ⓢ   circleS
\circledR   ord     ®   circleR registered
\copyright  ord     ©   copyright
\S          ord     §   section
\P          ord     ¶   paragraph
\pounds     ord     £   sterling
\$          ord     $   dollar
\%          ord     %   percent
\&          ord     &   ampersand
\#          ord     #   numbersign
\_          ord     _   underscore
@           ord     @   at
'           prime   '   quotesingle
\prime      prime   ′   prime minute
''          prime   ″   second
'''         prime   ‴   -
.           ord     .   period
,           punct   ,   comma
;           punct   ;   semicolon
:           rel     :∶  colon ratio
!           close   !   exclam
?           close   ?   question
/           ord     /∕⁄ slash fraction
\backslash  ord     \⧵  backslash
+           bin     +   plus
-           bin     −-‐– minus hyphen hyphenminus endash
\pm         bin     ±   plusminus
\mp         bin     ∓   minusplus
\times      bin     ×   multiply
\div        bin     ÷   divide
\cdot       bin     ·⋅  periodcentered
*           bin     *∗  asterisk asteriskmath
\star       bin     ⋆   star uni2605
\circ       bin     ∘◦  openbullet
\bullet     bin     •∙  bullet
\centerdot  bin     -   squaresmallsolid
\diamond    bin     ⋄   diamondmath
\oplus      bin     ⊕   circleplus
\ominus     bin     ⊖   circleminus
\otimes     bin     ⊗   circlemultiply
\oslash     bin     ⊘   circledivide
\odot       bin     ⊙   circledot
\circledast bin     ⊛   circleasterisk
\circledcirc bin    ⊚   circlering
\circleddash bin    ⊝   circleminus1
\bigcirc    bin     ◯○  circlecopyrt
\cup        bin     ∪   union
\cap        bin     ∩   intersection
\uplus      bin     ⊎   unionmulti
\sqcup      bin     ⊔   unionsq
\sqcap      bin     ⊓   intersectionsq
\Cup        bin     ⋓   uniondbl
\Cap        bin     ⋒   intersectiondbl
\wedge      bin     ∧   logicaland
\vee        bin     ∨   logicalor
\veebar     bin     ⊻   logicalorunderline
\barwedge   bin     ⊼   logicalandbar
\doublebarwedge bin ⌆⩞  -
\curlywedge bin     ⋏   curlyand
\curlyvee   bin     ⋎   curlyor
\setminus   bin     ∖   -
\smallsetminus bin  -   smallsetminus
\wr         bin     ≀   wreathproduct
\amalg      bin     ⨿   coproduct
\dagger     bin     †   dagger
\ddagger    bin     ‡   daggerdbl
\ltimes     bin     ⋉   multicloseleft
\rtimes     bin     ⋊   multicloseright
\leftthreetimes bin ⋋   multiopenleft
\rightthreetimes bin ⋌  multiopenright
\divideontimes bin  ⋇   divideonmultiply
\dotplus    bin     ∔   plusdot
\boxplus    bin     ⊞   squareplus
\boxminus   bin     ⊟   squareminus
\boxtimes   bin     ⊠   squaremultiply
\boxdot     bin     ⊡   squaredot
\bigtriangleup bin  -   triangle2
\bigtriangledown bin - triangleinv
\triangleright bin  ▷▹  triangleright
\triangleleft bin   ◁◃  triangleleft
\lhd        bin     ⊲   lhd
\rhd        bin     ⊳   rhd
\intercal   bin     ⊺   intercal
=           rel     =   equal
<           rel     <   less
>           rel     >   greater
\neq        rel     ≠   notequal nequal
\leq        rel     ≤   lessequal
\geq        rel     ≥   greaterequal
\leqslant   rel     ⩽   lessorequalslant
\geqslant   rel     ⩾   greaterorequalslant
\leqq       rel     ≦   lessdblequal
\geqq       rel     ≧   greaterdblequal
\nleq       rel     ≰   notlessequal
\ngeq       rel     ≱   notgreaterequal
\nless      rel     ≮   notless
\ngtr       rel     ≯   notgreater
\nleqslant  rel     -   notlessorslnteql notleqslant
\ngeqslant  rel     -   notgreaterorslnteql notgeqslant
\lneq       rel     ⪇   lessnotequal
\gneq       rel     ⪈   greaternotequal
\lneqq      rel     ≨   lessornotdbleql
\gneqq      rel     ≩   greaterornotdbleql
\lvertneqq  rel     -   lessornotequal
\gvertneqq  rel     -   greaterornotequal
\lnapprox   rel     ⪉   lessnotdblequal
\gnapprox   rel     ⪊   greaternotdblequal
\nleqq      rel     -   notlessdblequal
\ngeqq      rel     -   notgreaterdblequal
\lesseqqgtr rel     ⪋   lessdbleqlgreater
\gtreqqless rel     ⪌   greaterdbleqlless
\precapprox rel     ⪷   -
\succapprox rel     ⪸   -
\precnapprox rel    ⪹   precedenotdbleqv
\succnapprox rel    ⪺   follownotdbleqv
\ll         rel     ≪   lessmuch
\gg         rel     ≫   greatermuch
\lll        rel     ⋘   lessless muchless
\ggg        rel     ⋙   greatergreater muchgreater
\lesssim    rel     ≲   lessorsimilar
\gtrsim     rel     ≳   greaterorsimilar
\lessapprox rel     ⪅   lessorapproxeql
\gtrapprox  rel     ⪆   greaterorapproxeql
\lessgtr    rel     ≶   lessorgreater
\gtrless    rel     ≷   greaterorless
\lesseqgtr  rel     ⋚   lessequalgreater
\gtreqless  rel     ⋛   greaterequalless
\lessdot    rel     ⋖   lessdot
\gtrdot     rel     ⋗   greaterdot
\equiv      rel     ≡   equivalence
\sim        rel     ∼~  similar
\nsim       rel     ≁   notsimilar nsimilar
\simeq      rel     ≃   similarequal
\approx     rel     ≈   approxequal
\approxeq   rel     ≊   approxorequal
\cong       rel     ≅   congruent simequal
\ncong      rel     ≇   notapproxequal notsimequal
\asymp      rel     ≍   equivasymptotic
\doteq      rel     ≐   dotequal
\doteqdot   rel     ≑   equaldots
\coloneqq   rel     ≔   colonequal
\eqqcolon   rel     ≕   equalcolon
\triangleq  rel     ≜   defines
\backsim    rel     ∽   similarrightreverse
\thicksim   rel     -   similar1
\eqcirc     rel     ≖   ringinequal
\circeq     rel     ≗   ringequal circleequal
\bumpeq     rel     ≏   difference
\Bumpeq     rel     ≎   geomequivalent
\propto     rel     ∝   proportional
\varpropto  rel     -   proportional1
\in         rel     ∈∊  element
\notin      rel     ∉   notelement nelement
\ni         rel     ∋∍  owner
\subset     rel     ⊂   propersubset
\supset     rel     ⊃   propersuperset
\subseteq   rel     ⊆   reflexsubset
\supseteq   rel     ⊇   reflexsuperset
\subsetneq  rel     ⊊   subsetnoteql
\supsetneq  rel     ⊋   supersetnoteql
\subsetneqq rel     ⫋   subsetornotdbleql
\supsetneqq rel     ⫌   supersetornotdbleql
\varsubsetneq rel   -   notsubsetoreql
\varsupsetneq rel   -   notsupersetoreql
\varsubsetneqq rel  -   subsetornoteql
\varsupsetneqq rel  -   supersetornoteql
\subseteqq  rel     ⫅   subsetdblequal
\supseteqq  rel     ⫆   supersetdblequal
\nsubseteq  rel     ⊈   notsubseteql notreflexsubset
\nsupseteq  rel     ⊉   notsuperseteql
\Subset     rel     ⋐   subsetdbl
\Supset     rel     ⋑   supersetdbl
\sqsubseteq rel     ⊑   subsetsqequal
\sqsupseteq rel     ⊒   supersetsqequal
\sqsubset   rel     ⊏   squareimage
\sqsupset   rel     ⊐   squareoriginal
\prec       rel     ≺   precedes
\succ       rel     ≻   follows
\preceq     rel     ⪯≼  precedesequal
\succeq     rel     ⪰≽  followsequal
\preccurlyeq rel    -   precedesorcurly
\succcurlyeq rel    -   followsorcurly
\precsim    rel     ≾   precedesorequal
\succsim    rel     ≿   followsorequal
\nprec      rel     ⊀   notprecedes
\nsucc      rel     ⊁   notfollows
\curlyeqprec rel    ⋞   equalorprecedes
\curlyeqsucc rel    ⋟   equalorfollows
\perp       rel     ⊥⟂  perpendicular
\parallel   rel     ∥   parallel
\nparallel  rel     ∦   notparallel
\mid        rel     ∣   divides
\nmid       rel     ∤   notdivides notbar
\shortmid   rel     -   barshort
\shortparallel rel  -   parallelshort
\nshortmid  rel     -   notshortbar
\nshortparallel rel -   notshortparallel
\vdash      rel     ⊢   turnstileleft
\dashv      rel     ⊣   turnstileright
\vDash      rel     ⊨   satisfies forces1
\models     rel     ⊧   -
\Vdash      rel     ⊩   forces
\Vvdash     rel     ⊪   forcesbar
\nvdash     rel     ⊬   notturnstile
\nvDash     rel     ⊭   notsatisfies notvDash
\trianglelefteq rel ⊴   triangleleftequal
\trianglerighteq rel ⊵  trianglerightequal
\ntriangleleft rel  ⋪   nottriangleleft
\ntriangleright rel ⋫   nottriangleright
\blacktriangleleft rel ◀◂ triangleleftsld
\blacktriangleright rel ▶▸ trianglerightsld
\blacktriangle ord  ▲▴  trianglesolid
\blacktriangledown ord ▼▾ triangledownsld
\smile      rel     ⌣   slurbelow
\frown      rel     ⌢   slurabove
\bowtie     rel     ⋈   bowtie
\between    rel     ≬   between
\pitchfork  rel     ⋔   fork
\therefore  rel     ∴   therefore
\because    rel     ∵   because
\eqsim      rel     ≂   -
\backsimeq  rel     ⋍   -
\fallingdotseq rel  ≒   -
\risingdotseq rel   ≓   -
\eqslantless rel    ⋜⪕  -
\eqslantgtr rel     ⋝⪖  -
\lnsim      rel     ⋦   lessornotsimilar
\gnsim      rel     ⋧   greaterornotsimilar
\precnsim   rel     ⋨   precedeornoteqvlnt
\succnsim   rel     ⋩   followornoteqvlnt
\npreceq    rel     ⋠   notprecedesoreql
\nsucceq    rel     ⋡   notfollowsoreql
\ntrianglelefteq rel ⋬  -
\ntrianglerighteq rel ⋭ -
\nVdash     rel     ⊮   -
\nVDash     rel     ⊯   -
\backepsilon rel    ϶   owner1
\leftarrow  rel     ←   arrowleft
\rightarrow rel     →   arrowright
\uparrow    rel     ↑   arrowup
\downarrow  rel     ↓   arrowdown arrowsouth
\leftrightarrow rel ↔   arrowboth
\updownarrow rel    ↕   arrowbothv
\Leftarrow  rel     ⇐   arrowdblleft
\Rightarrow rel     ⇒   arrowdblright
\Uparrow    rel     ⇑   arrowdblup
\Downarrow  rel     ⇓   arrowdbldown
\Leftrightarrow rel ⇔   arrowdblboth
\Updownarrow rel    ⇕   arrowdblbothv
\longleftarrow rel  ⟵   -
\longrightarrow rel ⟶   -
\longleftrightarrow rel ⟷ -
\Longleftarrow rel  ⟸   -
\Longrightarrow rel ⟹   -
\Longleftrightarrow rel ⟺ -
\mapsto     rel     ↦   -
\longmapsto rel     ⟼   -
\nearrow    rel     ↗   arrownortheast
\searrow    rel     ↘   arrowsoutheast
\nwarrow    rel     ↖   arrownorthwest
\swarrow    rel     ↙   arrowsouthwest
\hookleftarrow rel  ↩   -
\hookrightarrow rel ↪   -
\leftharpoonup rel  ↼   arrowlefttophalf harpoonleftup
\leftharpoondown rel ↽  arrowleftbothalf harpoonleftdown
\rightharpoonup rel ⇀   arrowrighttophalf harpoonrightup
\rightharpoondown rel ⇁ arrowrightbothalf harpoonrightdown
\rightleftharpoons rel ⇌ harpoonleftright
\leftrightharpoons rel ⇋ harpoonrightleft
\rightleftarrows rel ⇄  arrowparrrightleft
\leftrightarrows rel ⇆  arrowparrleftright
\leftleftarrows rel ⇇   arrowdblleft1 dblarrowleft
\rightrightarrows rel ⇉   arrowparrright dblarrowright
\upuparrows rel     ⇈   arrowdbltophalf
\twoheadrightarrow rel ↠ arrowdblrighthead
\twoheadleftarrow rel ↞ arrowdbllefthead
\rightarrowtail rel ↣   arrowtailright
\leftarrowtail rel  ↢   arrowtailleft
\rightsquigarrow rel ⇝  arrowsquiggleright
\leadsto    rel     ⤳   leadsto
\leftrightsquigarrow rel ↭ arrowsquiggleboth
\curvearrowleft rel ↶   arrowcurveleft
\curvearrowright rel ↷  arrowcurveright
\circlearrowleft rel ↺⟲  arrowanticlockw anticlockwise
\circlearrowright rel ↻⟳  arrowclockwise clockwise
\multimap   rel     ⊸   multimap
\Rrightarrow rel    ⇛   arrowtripleright
\Lleftarrow rel     ⇚   arrowtripleleft
\nrightarrow rel    ↛   notarrowright
\nleftarrow rel     ↚   notarrowleft
\nRightarrow rel    ⇏   notdblarrowright notarrowdblright
\nLeftarrow rel     ⇍   notdblarrowleft
\nLeftrightarrow rel ⇎  notdblarrowboth
\Lsh        rel     ↰   Lsh
\Rsh        rel     ↱   Rsh
\nleftrightarrow rel ↮  -
\looparrowleft rel  ↫   -
\looparrowright rel ↬   -
\dashleftarrow rel  ⇠⤎  dashedarrowleft arrowaxisleft
\dashrightarrow rel ⇢⤏  dashedarrowright arrowaxisright
\upharpoonleft rel  ↿   -
\upharpoonright rel ↾   -
\downharpoonleft rel ⇃  -
\downharpoonright rel ⇂ -
\downdownarrows rel ⇊   dblarrowdwn
(           open    (⒧  parenleft
)           close   )⒭  parenright
[           open    [   bracketleft
]           close   ]   bracketright
\{          open    {   braceleft
\}          close   }   braceright
\langle     open    ⟨〈   angbracketleft angleleft
\rangle     close   ⟩〉   angbracketright angleright
\lfloor     open    ⌊   floorleft
\rfloor     close   ⌋   floorright
\lceil      open    ⌈   ceilingleft
\rceil      close   ⌉   ceilingright
\llbracket  open    ⟦   bracketleftdbl
\rrbracket  close   ⟧   bracketrightdbl
\lgroup     open    ⟮   -
\rgroup     close   ⟯   -
\ulcorner   open    ⌜   -
\urcorner   close   ⌝   -
\llcorner   open    ⌞   -
\lrcorner   close   ⌟   -
\lmoustache open    ⎰   -
\rmoustache close   ⎱   -
|           vert    |   bar barex
\|          vert    ‖   bardbl bardblex
\sum        op      ∑   summation
\prod       op      ∏   product
\coprod     op      ∐   -
\bigcup     op      ⋃   -
\bigcap     op      ⋂   -
\biguplus   op      ⨄   -
\bigsqcup   op      ⨆   -
\bigwedge   op      ⋀   -
\bigvee     op      ⋁   -
\bigoplus   op      ⨁   -
\bigotimes  op      ⨂   -
\bigodot    op      ⨀   -
\int        int     ∫   integral
\iint       int     ∬   integraldbl
\iiint      int     ∭   integraltrpl
\iiiint     int     ⨌   -
\oint       int     ∮   contintegral
\oiint      int     ∯   -
\sqrt       rad     √   radical radicallow
"""

# Operators that grow: the glyph name without its size suffix, and the command for the large form.
OPERATORS: Final = r"""
\sum        op      summation sum
\prod       op      product
\coprod     op      coproduct
\bigcup     op      union
\bigcap     op      intersection
\biguplus   op      unionmulti
\bigsqcup   op      unionsq
\bigsqcap   op      intersectionsq
\bigwedge   op      logicaland
\bigvee     op      logicalor
\bigoplus   op      circleplus
\bigotimes  op      circlemultiply
\bigodot    op      circledot
\int        int     integral
\oint       int     contintegral ointeg
\iint       int     integraldbl dblintegral iinteg integraltextdouble integraldisplaydouble
\iiint      int     integraltrpl trplintegral iiinteg
"""

# Accents: command, form over several symbols, characters, glyph names.
ACCENTS: Final = r"""
\hat        \widehat        ˆ^\u0302    circumflex hatwide hatwider hatwidest asciicircum
\tilde      \widetilde      ˜\u0303     tilde tildewide tildewider tildewidest ilde
\bar        \overline       ¯ˉ\u0304\u0305   macron overscore
\dot        \dot            ˙\u0307     dotaccent dotacc
\ddot       \ddot           ¨\u0308     dieresis ddotacc
\dddot      \dddot          \u20db      -
\acute      \acute          ´\u0301     acute
\grave      \grave          `\u0300     grave
\breve      \breve          ˘\u0306     breve
\check      \check          ˇ\u030c     caron
\mathring   \mathring       ˚\u030a     ring
\vec        \overrightarrow \u20d7      vector vec
\overleftarrow \overleftarrow \u20d6    -
"""

# Parts of extensible fences and radicals, by character (private ones as in Adobe's Symbol) and glyph name.
PIECES: Final = r"""
(       ⎛⎜⎝\uf8eb\uf8ec\uf8ed     parenlefttp parenleftbt parenleftex
)       ⎞⎟⎠\uf8f6\uf8f7\uf8f8     parenrighttp parenrightbt parenrightex
[       ⎡⎢⎣\uf8ee\uf8ef\uf8f0     bracketlefttp bracketleftbt bracketleftex
]       ⎤⎥⎦\uf8f9\uf8fa\uf8fb     bracketrighttp bracketrightbt bracketrightex
\{      ⎧⎨⎩\uf8f1\uf8f2\uf8f3     bracelefttp braceleftbt braceleftmid
\}      ⎫⎬⎭\uf8fc\uf8fd\uf8fe     bracerighttp bracerightbt bracerightmid
brace   ⎪\uf8f4       braceex
|       ⏐       vextendsingle arrowvertex
\|      -       vextenddouble arrowvertexdbl
\sqrt   ⎷\u20d3  radicalbt radicalvertex radicaltp
\uparrow   -    arrowtp
\downarrow -    arrowbt
\Uparrow   -    arrowdbltp
\Downarrow -    arrowdblbt
"""

# Marks that mean something only together with the symbol they stand on or next to.
COMPOSING: Final = r"""
not     ̸       negationslash
tail    -       mapsto mapstochar uni21A6.endl
hookl   -       arrowhookright hookleftchar
hookr   -       arrowhookleft hookrightchar
"""

# Characters for which LaTeX has no command of one word, all relations.
PHRASES: Final = {
    "⊄": r"\not\subset",
    "⊅": r"\not\supset",
    "∌": r"\not\ni",
    "≢": r"\not\equiv",
    "≉": r"\not\approx",
    "≄": r"\not\simeq",
    "≭": r"\not\asymp",
    "≴": r"\not\lesssim",
    "≵": r"\not\gtrsim",
    "⋢": r"\not\sqsubseteq",
    "⋣": r"\not\sqsupseteq",
    "≟": r"\stackrel{?}{=}",
    "≙": r"\stackrel{\wedge}{=}",
    "≝": r"\stackrel{\text{def}}{=}",
}

# Glyph names that mean another command in fonts of the family.
OWN_NAMES: Final[dict[str, dict[str, str]]] = {
    "bb": {
        "emptyset": "varnothing",
        "kappa": "varkappa",
        "Digamma": "digamma",
        "precedesorequal": "precapprox",
        "followsorequal": "succapprox",
        "similar": "thicksim",
    },
    "sya": {
        "diamond": "lozenge",
        "diamondsolid": "blacklozenge",
        "star": "bigstar",
        "circleminus": "circleddash",
        "triangleinv": "triangledown",
        "proportional": "varpropto",
    },
    "mi": {
        "uni22B2": "triangleright",  # of newtx and newpx, which look so
        "uni22B3": "triangleleft",
        "epsilon.alt": "epsilon",
        "theta.alt": "vartheta",
        "pi.alt": "varpi",
        "rho.alt": "varrho",
        "phi.alt": "varphi",
    },
}
