# An experiment on a folder of captures, each step a file that make keeps: features of each capture,
# one table, a split for each seed, a tree, its score, its switch entries, and a summary with two
# baselines beside the score. A Makefile of yours needs two lines,
#
#     CAPTURES := $(wildcard captures/*.pcap)
#     include /usr/local/share/weir/experiment.mk
#
# and `make -j` runs what is missing or out of date: a capture or an option that changes makes
# anew what depends on it, and nothing else. Or without a Makefile:
#
#     make -f experiment.mk -j CAPTURES="$(echo captures/*.pcap)" SEEDS='1 2 3'
#
# What can be set, before the include or on the command line (names of files without blanks):

CAPTURES ?= $(wildcard captures/*.pcap captures/*.pcapng)
OUT      ?= out#            the folder of all results
SEEDS    ?= 1 2 3 4 5#      a split for each
WEIR     ?=#                where the programs are, with a slash at the end; empty: in PATH

# The options of each step. The class has to be the last column; --seed is given here.
FEATURES ?= --label-from=filename --fields=file,flow,iat,len,diffLen,class
SPLIT    ?= --by=file
TRAIN    ?= --max-leaves=64
EVAL     ?=
ENTRIES  ?= --default-class

# What is made:
#
#     OUT/features/CAPTURE.csv    pcap2feat
#     OUT/all.csv                 all of them under one header
#     OUT/split.SEED/train.csv, test.csv                featsplit
#     OUT/split.SEED/app.tree                           dt-train on train.csv
#     OUT/split.SEED/score.txt, score.tsv               dt-eval on test.csv
#     OUT/split.SEED/entries.txt, classes.tsv, entries.tsv (what they take)   dt2p4entries
#     OUT/split.SEED/shuffled.csv, .tree, .tsv          the same on shuffled labels
#     OUT/summary.tsv             a row a split, and the medians
#
# and beside each what the program said, in .log. The baselines: `majority` always names the class
# that is commonest in the test table; `shuffled` is the same training on a train table whose
# classes are dealt out anew among its rows. A score says something by what it has over both.

experiment: $(OUT)/summary.tsv
	@cat $<

# Two captures of one name would end in one file.
ifneq ($(words $(notdir $(CAPTURES))),$(words $(sort $(notdir $(CAPTURES)))))
$(error experiment: several captures have the same name)
endif

EXPERIMENT_TABLES := $(addprefix $(OUT)/features/,$(addsuffix .csv,$(notdir $(CAPTURES))))
EXPERIMENT_SPLITS := $(SEEDS:%=$(OUT)/split.%)

# $(call experiment_step,LOG,COMMAND): the log is shown where the command fails.
experiment_step = $(2) 2>$(1) || { cat $(1) >&2; exit 1; }

# A variable in a file that changes when its value does.
experiment_same = $(and $(findstring x$(1)x,x$(2)x),$(findstring x$(2)x,x$(1)x))
$(OUT)/%.options: experiment_force | $(OUT)/features
	@:$(if $(call experiment_same,$(file <$@),$* = $($*)),,$(file >$@,$* = $($*)))
$(OUT)/features:
	@mkdir -p $@

define experiment_capture
$(OUT)/features/$(notdir $(1)).csv: $(1) $(OUT)/FEATURES.options
	$$(call experiment_step,$$@.log,$$(WEIR)pcap2feat $$(FEATURES) -o $$@ $$<)
endef
$(foreach capture,$(CAPTURES),$(eval $(call experiment_capture,$(capture))))

$(OUT)/all.csv: $(EXPERIMENT_TABLES) $(OUT)/CAPTURES.options
	$(if $(CAPTURES),,$(error experiment: no captures (CAPTURES is empty)))
	@awk 'NR == 1 { header = $$0; print; next } \
	     FNR > 1 { print; next } \
	     $$0 != header { print FILENAME ": has other columns than the first" >"/dev/stderr"; exit 1 }' \
	  $(EXPERIMENT_TABLES) >$@

$(OUT)/split.%/train.csv $(OUT)/split.%/test.csv: $(OUT)/all.csv $(OUT)/SPLIT.options
	@mkdir -p $(@D)
	$(call experiment_step,$(@D)/split.log,$(WEIR)featsplit $(SPLIT) --seed=$* \
	  --train=$(@D)/train.csv --test=$(@D)/test.csv $<)

# Fisher-Yates by the generator of Park and Miller, which every awk computes alike.
$(OUT)/split.%/shuffled.csv: $(OUT)/split.%/train.csv
	@awk -F, -v seed=$* 'function below(n) { seed = seed * 16807 % 2147483647; return int(seed / 2147483647 * n) } \
	  BEGIN { seed = seed % 2147483646 + 1; for (i = 0; i < 9; i++) below(1) } \
	  NR == 1 { print; next } \
	  { class[++n] = $$NF; row[n] = substr($$0, 1, length($$0) - length($$NF)) } \
	  END { for (i = n; i > 1; i--) { k = 1 + below(i); t = class[i]; class[i] = class[k]; class[k] = t } \
	        for (i = 1; i <= n; i++) print row[i] class[i] }' $< >$@

$(OUT)/split.%/app.tree: $(OUT)/split.%/train.csv $(OUT)/TRAIN.options
	$(call experiment_step,$@.log,$(WEIR)dt-train $(TRAIN) --seed=$* -o $@ $<)
$(OUT)/split.%/shuffled.tree: $(OUT)/split.%/shuffled.csv $(OUT)/TRAIN.options
	$(call experiment_step,$@.log,$(WEIR)dt-train $(TRAIN) --seed=$* -o $@ $<)

$(OUT)/split.%/score.tsv: $(OUT)/split.%/app.tree $(OUT)/split.%/test.csv $(OUT)/EVAL.options
	$(call experiment_step,$@.log,$(WEIR)dt-eval $(EVAL) --tsv -o $@ $(wordlist 1,2,$^))
$(OUT)/split.%/shuffled.tsv: $(OUT)/split.%/shuffled.tree $(OUT)/split.%/test.csv $(OUT)/EVAL.options
	$(call experiment_step,$@.log,$(WEIR)dt-eval $(EVAL) --tsv -o $@ $(wordlist 1,2,$^))
$(OUT)/split.%/score.txt: $(OUT)/split.%/app.tree $(OUT)/split.%/test.csv $(OUT)/EVAL.options
	$(call experiment_step,$@.log,$(WEIR)dt-eval $(EVAL) -o $@ $(wordlist 1,2,$^))

$(OUT)/split.%/entries.txt $(OUT)/split.%/classes.tsv: $(OUT)/split.%/app.tree $(OUT)/ENTRIES.options
	$(call experiment_step,$(@D)/entries.txt.log,$(WEIR)dt2p4entries $(ENTRIES) \
	  --classes=$(@D)/classes.tsv -o $(@D)/entries.txt $<)
$(OUT)/split.%/entries.tsv: $(OUT)/split.%/app.tree $(OUT)/ENTRIES.options
	$(call experiment_step,$@.log,$(WEIR)dt2p4entries $(ENTRIES) --report -o $@ $<)

$(OUT)/split.%/summary.tsv: $(addprefix $(OUT)/split.%/,score.tsv shuffled.tsv entries.tsv app.tree)
	@awk -F'\t' -v OFS='\t' -v split_=$* 'FNR == 1 { file++ } \
	  file == 1 { score[$$1] = $$2 } \
	  file == 2 { shuffled[$$1] = $$2 } \
	  file == 3 && $$1 == "total" { entries = $$3 } \
	  file == 4 && /^ *leaf / { leaves++ } \
	  function show(x) { return sprintf("%.4f", x) } \
	  END { print split_, show(score["accuracy"]), show(score["macro_f1"]), \
	    show(score["majority"]), show(score["majority_macro_f1"]), \
	    show(shuffled["accuracy"]), show(shuffled["macro_f1"]), leaves, entries }' $^ >$@

$(OUT)/summary.tsv: $(EXPERIMENT_SPLITS:%=%/summary.tsv) \
    $(EXPERIMENT_SPLITS:%=%/score.txt) $(EXPERIMENT_SPLITS:%=%/entries.txt) $(OUT)/SEEDS.options
	$(if $(SEEDS),,$(error experiment: no splits (SEEDS is empty)))
	@cat $(EXPERIMENT_SPLITS:%=%/summary.tsv) | awk -F'\t' -v OFS='\t' 'BEGIN { \
	    print "split", "accuracy", "macro_f1", "majority_accuracy", "majority_macro_f1", \
	      "shuffled_accuracy", "shuffled_macro_f1", "leaves", "entries" } \
	  { print; for (c = 2; c <= NF; c++) { \
	      for (i = NR; i > 1 && value[c, i - 1] > $$c + 0; i--) value[c, i] = value[c, i - 1]; \
	      value[c, i] = $$c + 0 } } \
	  function median(c) { return (value[c, int((NR + 1) / 2)] + value[c, int(NR / 2) + 1]) / 2 } \
	  END { line = "median"; \
	    for (c = 2; c <= NF; c++) line = line OFS sprintf(c < 8 ? "%.4f" : "%g", median(c)); \
	    print line }' >$@

.PHONY: experiment experiment_force
.DELETE_ON_ERROR:
.SECONDARY:
