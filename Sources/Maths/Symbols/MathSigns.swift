/// The signs by command, each list a run of names with what they stand for.
extension MathSymbols {
    static let greek = """
        alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ varkappa ϰ
        lambda λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ
        chi χ psi ψ omega ω digamma ϝ imath ı jmath ȷ
        """
    static let capitals = """
        Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω
        """
    static let letters = "hbar ℏ hslash ℏ ell ℓ Re ℜ Im ℑ wp ℘ aleph ℵ beth ℶ gimel ℷ nabla ∇ Bbbk 𝕜 eth ð"
    static let ordinary = """
        infty ∞ partial ∂ forall ∀ exists ∃ nexists ∄ emptyset ∅ varnothing ∅ prime ′ angle ∠ measuredangle ∡ top ⊤
        bot ⊥ neg ¬ lnot ¬ triangle △ square □ Box □ blacksquare ■ Diamond ◇ lozenge ◊ bigstar ★ surd √ checkmark ✓
        degree ° flat ♭ natural ♮ sharp ♯ clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ backslash \\ complement ∁
        % % $ $ # # _ _ & & S § P ¶ pounds £ vert | Vert ‖ | ‖ copyright ©
        """
    static let dots = """
        ldots … dots … dotsc … dotso … cdots ⋯ dotsb ⋯ dotsm ⋯ dotsi ⋯ vdots ⋮ ddots ⋱
        """
    static let binary = """
        pm ± mp ∓ times × div ÷ cdot ⋅ ast ∗ star ⋆ circ ∘ bullet • oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ cap ∩
        cup ∪ sqcap ⊓ sqcup ⊔ uplus ⊎ vee ∨ lor ∨ wedge ∧ land ∧ setminus ∖ smallsetminus ∖ amalg ⨿ dagger † ddagger ‡
        wr ≀ diamond ⋄ triangleleft ◁ triangleright ▷ bigtriangleup △ bigtriangledown ▽ boxplus ⊞ boxminus ⊟
        boxtimes ⊠ boxdot ⊡ ltimes ⋉ rtimes ⋊ intercal ⊺ veebar ⊻ barwedge ⊼ bigcirc ◯ circledast ⊛ dotplus ∔ Cap ⋒ Cup ⋓
        """
    static let relations = """
        leq ≤ le ≤ geq ≥ ge ≥ neq ≠ ne ≠ equiv ≡ approx ≈ sim ∼ simeq ≃ cong ≅ propto ∝ varpropto ∝ in ∈ ni ∋ owns ∋
        notin ∉ subset ⊂ subseteq ⊆ supset ⊃ supseteq ⊇ subsetneq ⊊ supsetneq ⊋ nsubseteq ⊈ nsupseteq ⊉ mid ∣ nmid ∤
        parallel ∥ nparallel ∦ perp ⊥ ll ≪ gg ≫ lll ⋘ ggg ⋙ prec ≺ succ ≻ preceq ⪯ succeq ⪰ preccurlyeq ≼ succcurlyeq ≽
        precsim ≾ succsim ≿ asymp ≍ doteq ≐ models ⊨ vdash ⊢ dashv ⊣ vDash ⊨ Vdash ⊩ nvdash ⊬ nvDash ⊭ triangleq ≜
        coloneqq ≔ eqqcolon ≕ coloneq ≔ lesssim ≲ gtrsim ≳ lessgtr ≶ gtrless ≷ leqslant ⩽ geqslant ⩾ leqq ≦ geqq ≧
        lessapprox ⪅ gtrapprox ⪆ nless ≮ ngtr ≯ nleq ≰ ngeq ≱ ncong ≇ nsim ≁ approxeq ≊ thickapprox ≈ thicksim ∼
        sqsubset ⊏ sqsupset ⊐ sqsubseteq ⊑ sqsupseteq ⊒ bowtie ⋈ smile ⌣ frown ⌢ therefore ∴ because ∵ between ≬
        pitchfork ⋔ trianglelefteq ⊴ trianglerighteq ⊵ vartriangleleft ⊲ vartriangleright ⊳ eqsim ≂ circeq ≗ bumpeq ≏
        Subset ⋐ Supset ⋑ backsim ∽ risingdotseq ≓ fallingdotseq ≒ lt < gt >
        """
    static let arrows = """
        leftarrow ← gets ← rightarrow → to → leftrightarrow ↔ Leftarrow ⇐ Rightarrow ⇒ Leftrightarrow ⇔ mapsto ↦
        longleftarrow ⟵ longrightarrow ⟶ longleftrightarrow ⟷ Longleftarrow ⟸ Longrightarrow ⟹ Longleftrightarrow ⟺
        longmapsto ⟼ implies ⟹ impliedby ⟸ iff ⟺ uparrow ↑ downarrow ↓ updownarrow ↕ Uparrow ⇑ Downarrow ⇓
        Updownarrow ⇕ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖ hookleftarrow ↩ hookrightarrow ↪ leftharpoonup ↼
        leftharpoondown ↽ rightharpoonup ⇀ rightharpoondown ⇁ rightleftharpoons ⇌ leftrightharpoons ⇋ leadsto ⇝
        rightsquigarrow ⇝ nleftarrow ↚ nrightarrow ↛ nRightarrow ⇏ nLeftarrow ⇍ twoheadrightarrow ↠ twoheadleftarrow ↞
        rightrightarrows ⇉ leftleftarrows ⇇ rightleftarrows ⇄ leftrightarrows ⇆ upuparrows ⇈ downdownarrows ⇊
        rightarrowtail ↣ leftarrowtail ↢ curvearrowleft ↶ curvearrowright ↷ circlearrowleft ↺ circlearrowright ↻
        multimap ⊸ dashrightarrow ⇢ dashleftarrow ⇠ Lleftarrow ⇚ Rrightarrow ⇛
        """
    static let openings = """
        { { lbrace { lbrack [ lparen ( langle ⟨ lvert | lVert ‖ lfloor ⌊ lceil ⌈ lgroup ⟮ llbracket ⟦ ulcorner ⌜ llcorner ⌞
        """
    static let closings = """
        } } rbrace } rbrack ] rparen ) rangle ⟩ rvert | rVert ‖ rfloor ⌋ rceil ⌉ rgroup ⟯ rrbracket ⟧ urcorner ⌝ lrcorner ⌟
        """
    static let sums = """
        sum ∑ prod ∏ coprod ∐ bigcup ⋃ bigcap ⋂ bigoplus ⨁ bigotimes ⨂ bigodot ⨀ bigsqcup ⨆ bigvee ⋁ bigwedge ⋀ biguplus ⨄
        """
    static let integrals = "int ∫ iint ∬ iiint ∭ iiiint ⨌ oint ∮ oiint ∯"
}
